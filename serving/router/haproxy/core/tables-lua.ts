// The part of slots.lua and surface.lua that reads stick tables.

/** `connections(table, key)`: requests that track the key now; 0 for one that nobody tracks. */
export const TABLES_LUA = String.raw`local function connections(table_name, key)
  local entry = core.backends[table_name].stktable:lookup(key)
  return entry and entry.conn_cur or 0
end
`;

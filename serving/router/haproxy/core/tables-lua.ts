// The part of slots.lua and surface.lua that reads stick tables.

/** `entry(table, key)`; `connections(table, key)`: streams that track the key now, 0 for one that nobody tracks. */
export const TABLES_LUA = String.raw`local function entry(table_name, key)
  return core.backends[table_name].stktable:lookup(key)
end

local function connections(table_name, key)
  local found = entry(table_name, key)
  return found and found.conn_cur or 0
end
`;

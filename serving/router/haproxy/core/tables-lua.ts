// The part of slots.lua and surface.lua that reads stick tables.

/** `entry(table, key)`; `connections(table, key)`: streams that track the key now, 0 for one that nobody tracks. */
export const TABLES_LUA = String.raw`local tables = {} -- name -> table: HAProxy makes new objects of a backend for each look at it

local function entry(table_name, key)
  tables[table_name] = tables[table_name] or core.backends[table_name].stktable
  return tables[table_name]:lookup(key)
end

local function connections(table_name, key)
  local found = entry(table_name, key)
  return found and found.conn_cur or 0
end
`;

// The part of slots.lua that tells the agent what is there (`aml show`), and what changes by itself (`aml load`).
import { innerBackend, outerBackend } from "./names";

export const SHOW_LUA = String.raw`command("show", function()
  local lines = { "instance " .. instance }
  for backend_name, backend in pairs(core.backends) do
    local layer, version = backend_name:sub(1, 2), backend_name:sub(3)
    if layer == "${outerBackend("")}" then
      local has = outer_server(version) and 1 or 0
      lines[#lines + 1] = string.format("outer %s server=%d plug=%d moved=%d", version, has,
        plugged(version) and 1 or 0, moved_server(version) and 1 or 0)
    elseif layer == "${innerBackend("")}" then
      lines[#lines + 1] = string.format("inner %s", version)
      for replica, found in pairs(backend.servers) do
        local limit = replicas[version] and replicas[version][replica]
        lines[#lines + 1] =
          string.format("replica %s %s %s limit=%d", version, replica, found:get_addr(), limit or 0)
      end
    end
  end
  show_peers(lines)
  return table.concat(lines, "\n")
end)

command("load", function()
  local lines = { "instance " .. instance }
  for version, entries in pairs(orphans) do
    if next(entries) then
      lines[#lines + 1] = string.format("orphans %s %d", version, size(entries))
    end
  end
  for version, left in pairs(leaving) do
    for replica in pairs(left) do
      local found = replica_server(version, replica)
      if found then
        lines[#lines + 1] = string.format("draining %s %s %d", version, replica, found:get_stats().scur)
      end
    end
  end
  load_of_peers(lines)
  return table.concat(lines, "\n")
end)
`;

// The part of slots.lua about versions that other routers own.
import {
  FORWARD_PREFIX,
  FORWARD_SERVERS,
  MAPS,
  MOVED_SERVER,
  outerBackend,
  REQUEST_WORDS,
  TARGET_WORDS,
} from "./names";

/**
 * Ownership is a fact per version: a term, and the router that owns the version in it. A later term is always greater.
 *
 *     aml own <version> <term> <forward backend>   that peer owns the version; `-`: this router does
 *
 * A request that came to a router which doesn't own its version, or whose owner is down, waits here, in whichever way
 * this ends: by ownership, by a later owner that is up, or by its deadline. It goes from router to router with terms that
 * grow only, so it can't go in a circle.
 */
export const PEERS_LUA = String.raw`local OWNER_POLL_MS = 10
local owners = {}  -- version -> { term, backend = forward backend of the peer; nil: this router }
local waiting = {} -- version -> requests that wait for an owner
local moving = {}  -- version -> true while requests may be on their way from its queue to a peer

local function moved_server(version)
  return server("${outerBackend("")}" .. version, "${MOVED_SERVER}")
end

local function is_up(backend)
  local peer = server(backend, "${FORWARD_SERVERS.peer}")
  return peer ~= nil and (peer:get_stats().status or ""):sub(1, 2) == "UP"
end

core.register_action("await_owner", { "http-req" }, function(txn)
  local version, request = txn:get_var("txn.version") or "", txn:get_var("txn.request") or ""
  local deadline = tonumber(txn.c:word(request, ${REQUEST_WORDS.deadline}, ":"))
  local longest = tonumber(txn.c:word(request, ${TARGET_WORDS.queueWaitMs + 1}, ":"))
  -- Of a request that another router sent: the term in which that one believed to know the owner. Of others: none.
  local term = tonumber(txn.c:word(request, ${REQUEST_WORDS.term}, ":")) or -1
  if txn.f:fe_name() ~= "peer" then term = -1 end
  if not deadline or not longest then return txn:set_var("txn.late", true) end
  local give_up = milliseconds() + math.min(longest, deadline - milliseconds())
  waiting[version] = (waiting[version] or 0) + 1
  while true do
    local owner = owners[version]
    if owner and not owner.backend and outer_server(version) then break end
    if owner and owner.backend and owner.term > term and is_up(owner.backend) then
      txn:set_var("txn.next", owner.backend)
      break
    end
    if milliseconds() >= give_up then
      txn:set_var("txn.late", true)
      break
    end
    core.msleep(OWNER_POLL_MS)
  end
  waiting[version] = waiting[version] > 1 and waiting[version] - 1 or nil
end)
`;

/** What the command answers. */
export const OWNED = "Owned.";

/** What needs `command`, and lines of `aml show` and `aml load`. */
export const PEER_COMMANDS_LUA = String.raw`
-- What waits in the queue goes to the peer at once: a server that leaves maintenance takes it.
local function set_owner(version, owner)
  local moved = moved_server(version)
  owners[version] = owner
  if owner and owner.backend then
    core.set_map("${MAPS.owners}", version, owner.backend .. ":" .. owner.term)
    moving[version] = true
    if moved then moved:set_ready() end
  else
    if moved then moved:set_maint() end
    core.del_map("${MAPS.owners}", version)
  end
end

command("own", function(version, term, backend)
  if not outer_server(version) then return "No such version." end
  set_owner(version, { term = tonumber(term), backend = backend ~= "-" and backend or nil })
  return "${OWNED}"
end)

local function show_peers(lines)
  for name, backend in pairs(core.backends) do
    if name:sub(1, 2) == "${FORWARD_PREFIX}" then
      local servers = {}
      for server_name in pairs(backend.servers) do servers[#servers + 1] = server_name end
      lines[#lines + 1] = string.format("peer %s %s", name, table.concat(servers, ","))
    end
  end
  for version, owner in pairs(owners) do
    lines[#lines + 1] = string.format("owner %s %d %s", version, owner.term, owner.backend or "-")
  end
end

local function load_of_peers(lines)
  for version, count in pairs(waiting) do
    lines[#lines + 1] = string.format("waiting %s %d", version, count)
  end
  for version in pairs(moving) do
    local moved = moved_server(version)
    local count = moved and moved:get_stats().scur or 0
    if count > 0 then lines[#lines + 1] = string.format("moved %s %d", version, count)
    else moving[version] = nil end
  end
end
`;

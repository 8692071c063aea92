// The Lua text that HAProxy loads: it keeps the number of requests that a version's models compute exact (docs/decisions/strict-slots.md).
import {
  abstractSocket,
  innerBackend,
  MAPS,
  MOVED_SERVER,
  OUTER_SERVER,
  outerBackend,
  TABLES,
} from "./names";
import { INTERIM_LUA } from "./interim-lua";
import { PEER_COMMANDS_LUA, PEERS_LUA } from "./peers-lua";
import { SHOW_LUA } from "./show-lua";
import { STREAMS_LUA } from "./streams-lua";
import { TABLES_LUA } from "./tables-lua";

/** What the script's commands answer; anything else is an error. */
export const SLOT_REPLIES = {
  plugged: "Plugged.",
  closed: "Closed.",
  /** Requests wait. */
  queued: "Queued.",
  /** Models compute, or a replica's request has not ended. */
  busy: "Busy.",
  used: "Used.",
  draining: "Draining.",
} as const;

/**
 * State per version, all of it inside HAProxy, so that an agent may come and go:
 *
 *     limit of the outer server = plug + slots + draining - orphans - excess
 *
 *     plug      1 while a request that this script makes holds one place for ever (a limit of 0 would mean unlimited)
 *     slots     sum of the limits of the replicas in use that accept connections
 *     draining  requests that replicas which left still compute for clients who wait
 *     orphans   requests that models still compute although nobody waits any more
 *     excess    more of these, counted when one request too many came to the inner layer, until they are known
 *
 * `lua-load <file> <abstract socket name> <complete responses> <most versions>`; commands (each answers one line, `aml show` and `aml load` several):
 *
 *     aml plug <version>                      waits until the plug holds its place
 *     aml close <version>                     ends the plug; `Queued.` or `Busy.` while requests wait or compute
 *     aml use <version> <replica> <limit>     the replica takes requests, at most <limit> at a time
 *     aml drain <version> <replica>           the replica takes no further request; those it has, end
 *     aml own <version> <term> <backend>      see peers-lua.ts
 *     aml show                                everything, for an agent that starts
 *     aml load                                what changes by itself, for the samples
 */
export const SLOTS_LUA = String.raw`
local name, enough, most_versions = ...
enough, most_versions = tonumber(enough), tonumber(most_versions)
local instance = string.format("%x-%x", os.time(), math.random(1, 0x7fffffff))
local CHECK_PERIOD_MS = 200
local replicas = {} -- version -> replica -> limit, of the replicas in use
local draining = {} -- version -> replica -> requests it still computes for clients who wait
local refusing = {} -- version -> replica -> true while it accepts no connection
local leaving = {}  -- version -> replica -> true, until it is deleted or used again
local orphans = {}  -- version -> request id -> periods of the check in which it was unknown
local plugs = {}    -- version -> { held = whether it holds its place }
local any_transaction
local streams = {}  -- version -> request id -> { left = when its client was found gone, in ms }
local excess = {}   -- version -> requests that models compute beyond those that are known
local complete = {} -- version -> complete responses since its last new replica came; false after one that was not
local places = { ["${MAPS.places}"] = {}, ["${MAPS.plainPlaces}"] = {} } -- map -> version -> its value

local function server(backend, server_name)
  local found = core.backends[backend]
  return found and found.servers[server_name]
end

local function outer_server(version)
  return server("${outerBackend("")}" .. version, "${OUTER_SERVER}")
end

local function replica_server(version, replica)
  return server("${innerBackend("")}" .. version, replica)
end

local function milliseconds()
  local now = core.now()
  return now.sec * 1000 + now.usec // 1000
end

${TABLES_LUA}
local function sum(numbers)
  local total = 0
  for _, number in pairs(numbers or {}) do total = total + number end
  return total
end

local function size(entries)
  local total = 0
  for _ in pairs(entries or {}) do total = total + 1 end
  return total
end

local function plugged(version)
  return plugs[version] ~= nil and plugs[version].held
end

local function set_refusing(version, replica, value)
  refusing[version] = refusing[version] or {}
  refusing[version][replica] = value
  if not next(refusing[version]) then refusing[version] = nil end
end

-- Sum of the limits of the replicas that accept connections.
local function slots(version)
  local total = 0
  for replica, limit in pairs(replicas[version] or {}) do
    if not (refusing[version] and refusing[version][replica]) then total = total + limit end
  end
  return total
end

-- Whether all responses that the version's replicas have given are known to be complete with their headers.
local function is_plain(version)
  return (complete[version] or 0) >= enough
end

local function set_places(map, version, number)
  if places[map][version] == number then return end
  places[map][version] = number
  if number then core.set_map(map, version, tostring(number)) else core.del_map(map, version) end
end

local function apply(version)
  local outer = outer_server(version)
  if not outer then return end
  local inside = slots(version) + sum(draining[version])
  set_places("${MAPS.places}", version, inside)
  set_places("${MAPS.plainPlaces}", version, is_plain(version) and inside or nil)
  local limit = (plugged(version) and 1 or 0) + inside - size(orphans[version]) - (excess[version] or 0)
  outer:set_maxconn(math.max(1, limit))
  -- Responses of other versions don't come here: a map look-up costs less than a call of Lua.
  if next(orphans[version] or {}) or next(draining[version] or {}) then
    core.set_map("${MAPS.watched}", version, "1")
  else
    core.del_map("${MAPS.watched}", version)
  end
end

-- Counts what models compute beyond the requests that clients wait for and the known orphans. As many as "coming" are at
-- the inner frontend only, and will be refused.
local function count_excess(version, coming)
  local outer = outer_server(version)
  if not outer then return end
  local computing = connections("${TABLES.computing}", version) - coming
  local attached = outer:get_stats().scur - (plugged(version) and 1 or 0) - coming
  local more = math.max(coming, computing - attached - size(orphans[version]))
  excess[version] = more > 0 and more or nil
end

local function add_orphan(version, id)
  orphans[version] = orphans[version] or {}
  orphans[version][id] = 0
  if excess[version] then count_excess(version, 0) end
  apply(version)
end

local function remove_orphan(version, id)
  if orphans[version] then orphans[version][id] = nil end
end

-- Whether the request came to the inner layer, whatever became of it there.
local function came_inside(id)
  local found = entry("${TABLES.requests}", id)
  return found ~= nil and found.gpt0 > 0
end

-- The outer request ended before its model did. This runs before HAProxy gives the place to the next one.
core.register_action("orphan", { "http-after-res" }, function(txn)
  local version, id = txn:get_var("txn.version"), tostring(txn:get_var("txn.id"))
  -- One that moved to a peer is the peer's.
  if not version or txn.f:srv_name() == "${MOVED_SERVER}" then return end
  -- Nobody has it but this, the outer layer.
  if came_inside(id) and connections("${TABLES.requests}", id) == 1 then return end
  add_orphan(version, id)
end)

-- The model's response came (or its end was noticed).
core.register_action("settled", { "http-after-res" }, function(txn)
  local version, id = txn:get_var("txn.version"), tostring(txn:get_var("txn.id"))
  -- A stream has only begun.
  if streams[version] and streams[version][id] then return end
  local replica = txn.f:srv_name()
  remove_orphan(version, id)
  local left = draining[version]
  if left and left[replica] then left[replica] = left[replica] > 1 and left[replica] - 1 or nil end
  apply(version)
end)

-- A place that was thought to be free is not.
core.register_action("refuse", { "http-req" }, function(txn)
  local version = txn:get_var("txn.version")
  count_excess(version, 1)
  apply(version)
  txn:done(txn:reply({ status = 503 }))
end)

${STREAMS_LUA}
${INTERIM_LUA}
${PEERS_LUA}
core.register_action("plugged", { "http-req" }, function(txn)
  local version = txn:get_var("txn.version")
  any_transaction = any_transaction or txn
  if plugs[version] == nil then return end
  plugs[version].held = true
  apply(version)
end)

-- Corrects what no response reported: a model that answered in the instant of the 504, a connection that broke.
core.register_task(function()
  while true do
    core.msleep(CHECK_PERIOD_MS)
    look_for_interims()
    for version, entries in pairs(orphans) do
      local settled = false
      for id, periods in pairs(entries) do
        local computes = connections("${TABLES.requests}", id) > 0
        entries[id] = computes and 0 or periods + 1
        -- It may be on its way to the inner layer.
        if not computes and (came_inside(id) or periods >= 2) then
          entries[id] = nil
          settled = true
        end
      end
      if settled then apply(version) end
      if not next(entries) then orphans[version] = nil end
    end
    for version, entries in pairs(streams) do
      for id, stream in pairs(entries) do
        -- Only its client has it still, or nobody.
        if connections("${TABLES.requests}", id) == connections("${TABLES.readers}", id) then
          entries[id] = nil
          remove_orphan(version, id)
          apply(version)
        else
          notice_client(version, id, stream)
        end
      end
      if not next(entries) then streams[version] = nil end
    end
    for version in pairs(excess) do
      count_excess(version, 0)
      apply(version)
    end
    for version, left in pairs(leaving) do
      for replica in pairs(left) do
        if not replica_server(version, replica) then
          left[replica] = nil
          set_refusing(version, replica, nil)
        end
      end
      if not next(left) then leaving[version] = nil end
    end
    for version, left in pairs(draining) do
      for replica, count in pairs(left) do
        local found = replica_server(version, replica)
        local live = found and found:get_stats().scur or 0
        if live < count then left[replica] = live > 0 and live or nil end
      end
      apply(version)
      if not next(left) then draining[version] = nil end
    end
  end
end)

-- A replica refused a connection, or accepts them again.
core.event_sub({ "SERVER_DOWN", "SERVER_UP" }, function(event, server_event)
  local layer, version = server_event.proxy_name:sub(1, 2), server_event.proxy_name:sub(3)
  if layer ~= "${innerBackend("")}" then return end
  set_refusing(version, server_event.name, event == "SERVER_DOWN" or nil)
  apply(version)
end)

local function hold_plug(version, plug)
  -- Another plug of the same version has a task of its own.
  while plugs[version] == plug do
    local socket = core.tcp()
    socket:settimeout(2147483)
    if socket:connect("${abstractSocket('" .. name .. "', "plug")}") then
      socket:send("GET /" .. version .. " HTTP/1.1\r\nhost: plug\r\n\r\n")
      socket:receive("*l")
    end
    socket:close()
    if plugs[version] == plug then
      core.Warning("plug of " .. version .. " ended, it is made again")
      plug.held = false
      apply(version)
      core.msleep(50)
    end
  end
end

local function command(word, run)
  core.register_cli({ "aml", word }, "aml " .. word, function(applet, _, _, ...)
    applet:send(run(...) .. "\n")
  end)
end

${PEER_COMMANDS_LUA}
command("plug", function(version)
  if not outer_server(version) then return "No such version." end
  if plugs[version] == nil then
    if size(plugs) >= most_versions then
      return "No room: HAProxy's limit of open files has room for " .. most_versions .. " versions."
    end
    plugs[version] = { held = false }
    core.register_task(hold_plug, version, plugs[version])
  end
  for _ = 1, 2000 do
    if plugged(version) then return "${SLOT_REPLIES.plugged}" end
    core.msleep(1)
  end
  return "Not plugged."
end)

command("close", function(version)
  local outer = outer_server(version)
  if not outer then return "${SLOT_REPLIES.closed}" end
  local backend = core.backends["${outerBackend("")}" .. version]
  local outerServer = outer:get_stats()
  if backend:get_stats().qcur + outerServer.qcur > 0 then return "${SLOT_REPLIES.queued}" end
  local taken = outerServer.scur - (plugged(version) and 1 or 0)
  if taken > 0 or next(orphans[version] or {}) then return "${SLOT_REPLIES.busy}" end
  plugs[version], replicas[version], draining[version], orphans[version] = nil, nil, nil, nil
  excess[version], complete[version], interims[version] = nil, nil, nil
  for map in pairs(places) do set_places(map, version, nil) end
  -- Without peers there is no such map.
  if owners[version] then set_owner(version, nil) end
  outer:set_maint()
  outer:shut_sess()
  return "${SLOT_REPLIES.closed}"
end)

command("use", function(version, replica, limit)
  local found = replica_server(version, replica)
  if not found then return "No such replica." end
  found:set_maxconn(tonumber(limit))
  found:set_ready()
  replicas[version] = replicas[version] or {}
  -- A new replica may run another program.
  if not replicas[version][replica] then complete[version] = nil end
  replicas[version][replica] = tonumber(limit)
  if draining[version] then draining[version][replica] = nil end
  if leaving[version] then leaving[version][replica] = nil end
  apply(version)
  return "${SLOT_REPLIES.used}"
end)

command("drain", function(version, replica)
  local found = replica_server(version, replica)
  if not found then return "No such replica." end
  local used = replicas[version]
  if used and used[replica] then
    -- What it computes now keeps its places; every place more goes at once, before the replica does.
    local count = found:get_stats().scur
    used[replica] = nil
    if count > 0 then
      draining[version] = draining[version] or {}
      draining[version][replica] = count
    end
    apply(version)
  end
  found:set_maint()
  leaving[version] = leaving[version] or {}
  leaving[version][replica] = true
  return "${SLOT_REPLIES.draining}"
end)

${SHOW_LUA}`;

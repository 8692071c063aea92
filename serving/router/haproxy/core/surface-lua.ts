// The Lua text for what rules can't say about one client's request: its connection's own headers, and the memory of its body.
import { TABLES } from "./names";
import { TABLES_LUA } from "./tables-lua";

/**
 * `lua-load <file> <bytes of all large bodies> <bytes of one at most> <bytes of a large buffer> <ms>`; actions:
 *
 *     choose_version      sets txn.name to the version whose bound in txn.route is the first above txn.roll
 *     connection_headers  removes Connection, each header that it names (RFC 9110, 7.6.1), and Upgrade, but for an upgrade
 *     take_memory         waits for so many ms until the memory for a large body is free, then sets txn.has_memory
 *     know_size           the body is complete: it takes so much, and no more
 *     give_memory         the request has its answer
 */
export const SURFACE_LUA = String.raw`
local limit, largest, buffer, patience_ms = ...
limit, largest, buffer, patience_ms = tonumber(limit), tonumber(largest), tonumber(buffer), tonumber(patience_ms)
local CHECK_PERIOD_MS = 200
local POLL_MS = 50
-- They say where a message ends and whom it is for: HAProxy has read them, and removing them would change the message.
local KEPT = { host = true, ["content-length"] = true, ["transfer-encoding"] = true, upgrade = true, te = true }
local held = 0    -- bytes promised to large bodies
local bodies = {} -- request id -> bytes

local function remove_named(headers, delete, set)
  local upgrades = false
  for _, value in pairs(headers["connection"] or {}) do
    for token in value:lower():gmatch("[^%s,]+") do
      if token == "upgrade" then upgrades = headers["upgrade"] ~= nil end
      if not KEPT[token] then delete(token) end
    end
  end
  if upgrades then set("connection", "upgrade") else delete("connection") end
  if not upgrades then delete("upgrade") end
end

for _, way in ipairs({ "req", "res" }) do
  core.register_action("connection_headers", { "http-" .. way }, function(txn)
    local http = txn.http
    remove_named(http[way .. "_get_headers"](http),
      function(name) http[way .. "_del_header"](http, name) end,
      function(name, value) http[way .. "_set_header"](http, name, value) end)
  end)
end

core.register_action("choose_version", { "http-req" }, function(txn)
  local roll = txn:get_var("txn.roll")
  for bound, version in txn:get_var("txn.route"):gmatch(":(%d+):([^:]+)") do
    if roll < tonumber(bound) then return txn:set_var("txn.name", version) end
  end
end)

local function hold(id, bytes)
  held = held - (bodies[id] or 0) + (bytes or 0)
  bodies[id] = bytes
end

core.register_action("take_memory", { "http-req" }, function(txn)
  local id = tostring(txn:get_var("txn.id"))
  local bytes = math.min(tonumber(txn.f:req_fhdr("content-length")) or largest, largest)
  local tries = patience_ms // POLL_MS
  while held + bytes > limit do
    if tries == 0 then return end
    tries = tries - 1
    core.msleep(POLL_MS)
  end
  hold(id, bytes)
  txn:set_var("txn.has_memory", true)
end)

core.register_action("know_size", { "http-req" }, function(txn)
  hold(tostring(txn:get_var("txn.id")), txn.f:req_body_size())
end)

core.register_action("give_memory", { "http-after-res" }, function(txn)
  hold(tostring(txn:get_var("txn.id")), nil)
end)

${TABLES_LUA}
-- Bodies that the inner layer has taken over are in no large buffer any more. How many buffers there are is known, whose
-- they are is not: so the smallest of the bodies that may have left count as those that have.
local function find_ended()
  local inside, count = {}, 0
  for id in pairs(bodies) do
    if connections("${TABLES.bodies}", id) == 0 then
      hold(id, nil)
    else
      count = count + 1
      if connections("${TABLES.requests}", id) > 1 then inside[#inside + 1] = id end
    end
  end
  if #inside == 0 then return end
  local buffers = core.get_info()["PoolUsed_MB"] * 1048576 // buffer
  table.sort(inside, function(a, b) return bodies[a] < bodies[b] end)
  for index = 1, math.min(#inside, count - buffers) do hold(inside[index], nil) end
end

core.register_task(function()
  while true do
    core.msleep(CHECK_PERIOD_MS)
    find_ended()
  end
end)

core.register_cli({ "aml", "bodies" }, "aml bodies", function(applet)
  applet:send(held .. "\n")
end)
`;

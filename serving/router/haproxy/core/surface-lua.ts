// The Lua text for what rules can't say about one client's request: its connection's own headers, and the memory of its body.
import { TABLES } from "./names";
import { PATH_LUA } from "./path-lua";
import { TABLES_LUA } from "./tables-lua";
import { WRONG_KEYS_LUA } from "./wrong-keys";

/**
 * `lua-load <file> <bytes of all large bodies> <bytes of one at most> <bytes of a large buffer> <ms> <bytes of a page>`; actions:
 *
 *     choose_version      sets txn.name to the version whose bound in txn.route is the first above txn.roll
 *     connection_headers  removes Connection, each header that it names (RFC 9110, 7.6.1), and Upgrade, but for an upgrade
 *     take_memory         waits for so many ms until the memory for a large body is free, then sets txn.has_memory
 *     normalise_path      see path-lua.ts
 *     wrong_key           see wrong-keys.ts
 *     know_size           the body is complete: it takes so much, and no more
 */
export const SURFACE_LUA = String.raw`
local limit, largest, buffer, patience_ms, page = ...
limit, largest, buffer, patience_ms = tonumber(limit), tonumber(largest), tonumber(buffer), tonumber(patience_ms)
page = tonumber(page)
local CHECK_PERIOD_MS = 200
local POLL_MS = 50
local SMALL_PART = 32
-- The kernel's buffers of those that wait are full: more are refused at once.
local MOST_WAITING = 64
-- They say where a message ends and whom it is for: HAProxy has read them, and removing them would change the message.
local KEPT = { host = true, ["content-length"] = true, ["transfer-encoding"] = true, upgrade = true, te = true }
local held = 0    -- bytes of memory promised to large bodies
local bodies = {} -- request id -> bytes
local owners = {} -- request id -> its client and its endpoint
local held_by = {} -- client or endpoint -> bytes
local waiting = 0 -- bodies that wait for memory

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

${PATH_LUA}
${WRONG_KEYS_LUA}
core.register_action("choose_version", { "http-req" }, function(txn)
  local roll = txn:get_var("txn.roll")
  for bound, version in txn:get_var("txn.route"):gmatch(":(%d+):([^:]+)") do
    if roll < tonumber(bound) then return txn:set_var("txn.name", version) end
  end
end)

-- What a body of so many bytes touches: its own pages, and one for HAProxy's records at the buffer's other end. One of the
-- largest fits always.
local function cost(bytes)
  return bytes and math.min(limit, (bytes // page + 2) * page) or 0
end

local function hold(id, bytes)
  local more = cost(bytes) - cost(bodies[id])
  held = held + more
  for _, owner in ipairs(owners[id] or {}) do
    local sum = (held_by[owner] or 0) + more
    held_by[owner] = sum > 0 and sum or nil
  end
  bodies[id] = bytes
  if not bytes then owners[id] = nil end
end

-- No client holds more than it leaves free, and no endpoint, but for bodies that are small beside what is free: so there
-- is room for somebody else, always.
local function has_room(bytes, client, endpoint)
  local free = limit - held
  local of_client, of_endpoint = free - (held_by[client] or 0), free - (held_by[endpoint] or 0)
  return cost(bytes) <= math.min(of_client, math.max(of_endpoint, free // SMALL_PART))
end

-- The address, or what a trusted proxy says, without a port: its own address stands last then, and others' headers were
-- removed.
local function client_of(txn)
  return "client " .. tostring(txn.f:req_hdr_ip("x-forwarded-for", -2) or txn.f:src())
end

core.register_action("take_memory", { "http-req" }, function(txn)
  local id = tostring(txn:get_var("txn.id"))
  local bytes = math.min(tonumber(txn.f:req_fhdr("content-length")) or largest, largest)
  local client, endpoint = client_of(txn), "endpoint " .. txn:get_var("txn.endpoint")
  local tries = waiting < MOST_WAITING and patience_ms // POLL_MS or 0
  waiting = waiting + 1
  while not has_room(bytes, client, endpoint) and tries > 0 do
    tries = tries - 1
    core.msleep(POLL_MS)
  end
  waiting = waiting - 1
  if not has_room(bytes, client, endpoint) then return end
  owners[id] = { client, endpoint }
  hold(id, bytes)
  txn:set_var("txn.has_memory", true)
end)

core.register_action("know_size", { "http-req" }, function(txn)
  hold(tostring(txn:get_var("txn.id")), txn.f:req_body_size())
end)

${TABLES_LUA}
-- A body counts until it is in no large buffer any more, also when its model has answered: that may be before it reads.
-- The inner layer takes bodies over. How many buffers there are is known, whose they are is not: so the smallest of the
-- bodies that may have left count as those that have.
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
    check_wrong_keys()
  end
end)

core.register_cli({ "aml", "bodies" }, "aml bodies", function(applet)
  local bytes = 0
  for _, declared in pairs(bodies) do bytes = bytes + declared end
  applet:send(bytes .. "\n")
end)
`;

// The part of slots.lua about streams: responses that have begun and are not complete.
import { TABLES, TARGET_WORDS } from "./names";

/**
 * A stream keeps its place until its model is done, whatever became of its client. HAProxy alone ends the connection to
 * the model with the first write to a client that has left. So the inner frontend has a filter, which lets a stream pass
 * while its client is there, and takes what comes afterwards; for `maxStreamSeconds`, since some streams have no end.
 *
 * The filter costs 10 % of a request's CPU time. So a version that has given nothing but complete responses since its
 * last new replica came is without it, until its first stream.
 *
 * HAProxy gives an action no way to its request's filter. The filter is therefore the request's private value, which any
 * transaction may set for the request that is at work: the first plug's transaction is kept for that.
 */
export const STREAMS_LUA = String.raw`local Rest = { id = "rest", flags = filter.FLT_CFG_FL_HTX }
Rest.__index = Rest

function Rest:new()
  local rest = setmetatable({}, Rest)
  if any_transaction then any_transaction:set_priv(rest) end
  return rest
end

-- Of a stream that the inner layer has: whether the outer one has it still.
local function notice_client(version, id, stream)
  if stream.left or connections("${TABLES.requests}", id) > 1 then return end
  stream.left = milliseconds()
  add_orphan(version, id)
end

function Rest:http_payload(txn, message)
  local stream = self.stream
  notice_client(self.version, self.id, stream)
  if not stream.left then return message:input() end
  -- One that has no end of its own ends here.
  if milliseconds() - stream.left > self.seconds * 1000 then return -1 end
  message:remove()
  -- What is left is no data: the mark that ends it.
  return message:input()
end

core.register_filter("rest", Rest, function(rest) return rest end)

-- The model answered a request that has the filter.
core.register_action("answered", { "http-after-res" }, function(txn)
  local version = txn:get_var("txn.version")
  if complete[version] == false then return end
  complete[version] = (complete[version] or 0) + 1
  if is_plain(version) then apply(version) end
end)

-- The model's response began and is not complete.
core.register_action("stream", { "http-res" }, function(txn)
  local version, id = txn:get_var("txn.version"), tostring(txn:get_var("txn.id"))
  local rest = txn:get_priv()
  local stream = {}
  local was_plain = is_plain(version)
  complete[version] = false
  if was_plain then apply(version) end
  streams[version] = streams[version] or {}
  streams[version][id] = stream
  notice_client(version, id, stream)
  if stream.left then txn:set_var("txn.left", 1) end
  if rest then
    rest.version, rest.id, rest.stream = version, id, stream
    rest.seconds = tonumber(txn.c:word(txn:get_var("txn.request"), ${TARGET_WORDS.maxStreamSeconds + 1}, ":"))
    filter.register_data_filter(rest, txn.res)
  end
end)
`;

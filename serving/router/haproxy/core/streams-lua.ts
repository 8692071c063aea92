// The part of slots.lua about streams: responses that have begun and are not complete.
import { TABLES, TARGET_WORDS } from "./names";

/**
 * A stream keeps its place until its model is done, whatever became of its client. HAProxy alone ends the connection to
 * the model with the first write to a client that has left. So the inner frontend has a filter, which lets a stream pass
 * while its client is there, and takes what comes afterwards; for `maxStreamSeconds`, since some streams have no end.
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

local function client_left(version, id, stream)
  stream.left = milliseconds()
  add_orphan(version, id)
end

function Rest:http_payload(txn, message)
  local stream = self.stream
  if not stream.left and connections("${TABLES.waiting}", self.id) == 0 then
    client_left(self.version, self.id, stream)
  end
  if not stream.left then return message:input() end
  -- One that has no end of its own ends here.
  if milliseconds() - stream.left > self.seconds * 1000 then return -1 end
  message:remove()
  -- What is left is no data: the mark that ends it.
  return message:input()
end

core.register_filter("rest", Rest, function(rest) return rest end)

-- The model's response began and is not complete.
core.register_action("stream", { "http-res" }, function(txn)
  local version, id = txn:get_var("txn.version"), tostring(txn:get_var("txn.id"))
  local rest = txn:get_priv()
  local stream = {}
  streams[version] = streams[version] or {}
  streams[version][id] = stream
  if orphans[version] and orphans[version][id] then
    stream.left = milliseconds()
    txn:set_var("txn.left", 1)
  end
  if rest then
    rest.version, rest.id, rest.stream = version, id, stream
    rest.seconds = tonumber(txn.c:word(txn:get_var("txn.request"), ${TARGET_WORDS.maxStreamSeconds + 1}, ":"))
    filter.register_data_filter(rest, txn.res)
  end
end)
`;

// What a client gets whose key opens nothing: it is counted by its address, logged once in a while, and slowed.
import { escaped, reply } from "./answers";
import { TABLES } from "./names";

/** Wrong keys of one address per minute; further ones get 429, right ones go on. */
export const WRONG_KEYS_PER_MINUTE = 100;

const UNAUTHORIZED = reply(
  401,
  "Unauthorized",
  `The endpoint ${escaped("endpoint")} needs one of its keys as bearer token.`,
  " hdr WWW-Authenticate Bearer",
);

const TOO_MANY = reply(
  429,
  "TooManyWrongKeys",
  `Too many wrong keys came from this address, at most ${WRONG_KEYS_PER_MINUTE} a minute are looked at.`,
  " hdr Retry-After 60",
);

/**
 * Rules of the backend of requests that got no further: those with a route had no key that opens it. Only they come
 * here, so they cost others nothing, and a right key of the same address is never slowed.
 */
export function wrongKeyRules(): string {
  const hasRoute = "{ var(txn.route) -m found }";
  const wrong = `if ${hasRoute} { req.hdr(authorization) -m found }`;
  return `  # A key that opens nothing. What a trusted proxy says of its client is in the header, before its own address.
  http-request set-var(txn.client) src
  http-request set-var(txn.client) req.hdr_ip(x-forwarded-for,-2) if { req.hdr_ip(x-forwarded-for,-2) -m found }
  http-request track-sc2 var(txn.client) table ${TABLES.wrongKeys} ${wrong}
  http-request sc-inc-gpc0(2) ${wrong}
  http-request lua.wrong_key ${wrong}
  ${TOO_MANY} ${wrong} { sc_gpc0_rate(2) gt ${WRONG_KEYS_PER_MINUTE} }
  ${UNAUTHORIZED} if ${hasRoute}`;
}

/**
 * `wrong_key`: one line per address and minute, with the number of wrong keys and the endpoint that was asked for last;
 * never a key. Of more than 100 addresses a minute, the further ones are one line.
 */
export const WRONG_KEYS_LUA = String.raw`local WRONG_KEYS_PERIOD_SECONDS = 60
local MOST_ADDRESSES = 100
local OTHERS = "other addresses"
local wrong_keys = {} -- address -> { count, endpoint }, since the last lines
local addresses = 0
local logged_at

local function log_wrong_keys()
  for address, wrong in pairs(wrong_keys) do
    core.log(core.warning, string.format("%d wrong keys from %s, the last one for endpoint %s",
      wrong.count, address, wrong.endpoint))
  end
  wrong_keys, addresses, logged_at = {}, 0, core.now().sec
end

core.register_action("wrong_key", { "http-req" }, function(txn)
  local address = tostring(txn:get_var("txn.client"))
  if not wrong_keys[address] then
    if addresses >= MOST_ADDRESSES then address = OTHERS else addresses = addresses + 1 end
  end
  local wrong = wrong_keys[address] or { count = 0 }
  -- A route was found, so this is the name of an endpoint, and no text of the client's.
  wrong.count, wrong.endpoint = wrong.count + 1, txn:get_var("txn.endpoint")
  wrong_keys[address] = wrong
  -- The first one at once.
  if not logged_at then log_wrong_keys() end
end)

-- Each check: a minute after the last lines, if there is something to say.
local function check_wrong_keys()
  if not logged_at or core.now().sec - logged_at < WRONG_KEYS_PERIOD_SECONDS then return end
  if next(wrong_keys) then log_wrong_keys() else logged_at = nil end
end
`;

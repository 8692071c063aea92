// The part of slots.lua about interim responses (1xx): they prolong no scoring timeout.

/**
 * HAProxy starts `timeout server` again with whatever it receives, so a model that sends 103 every second would never
 * meet its scoring timeout. The inner layer therefore keeps interim responses until the final one's headers are there;
 * the outer layer, which has the timeout, then gets all of them at once. What doesn't fit into one buffer waits in the
 * model's connection.
 *
 * Rules of a response before its headers can't wait in a backend that is made at run time (HAProxy 3.4), so this is a
 * rule on the way through the streams' frontend. A version that is without it, since its responses were all complete,
 * loses that as soon as its counter of 1xx responses moves; one or two versions are looked at per check.
 */
export const INTERIM_LUA = String.raw`-- The first wait, and the longest: a model may keep thousands of requests so, for ever, and each look costs time.
local INTERIM_POLL_MS = 10
local LONGEST_INTERIM_POLL_MS = 500

-- Whether the last header that the response's buffer has is an interim response's.
local function is_interim(txn)
  for index = txn.f:internal_htx_nbblks() - 1, 0, -1 do
    local line = txn.f:internal_htx_blk_start_line(tostring(index))
    if line and line ~= "" then return line:match("^%S+%s+1%d%d") ~= nil end
  end
  return false
end

core.register_action("hold_interim", { "tcp-res" }, function(txn)
  local poll_ms = INTERIM_POLL_MS
  while is_interim(txn) do
    core.msleep(poll_ms)
    poll_ms = math.min(poll_ms * 5 // 4, LONGEST_INTERIM_POLL_MS)
  end
end)

local interims = {}  -- version -> 1xx responses that were counted when it was looked at
local looked_at      -- version of the last look

local function look_for_interims()
  looked_at = next(complete, complete[looked_at] ~= nil and looked_at or nil)
  local outer = looked_at and outer_server(looked_at)
  if not outer then return end
  local count = outer:get_stats()["hrsp_1xx"] or 0
  local grew = count > (interims[looked_at] or 0)
  interims[looked_at] = count
  if grew and is_plain(looked_at) then
    complete[looked_at] = false
    apply(looked_at)
  end
end
`;

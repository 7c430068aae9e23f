#!lua flags=no-writes
-- What an item is now, and what each of its revisions was: action, content, kind, notice, at.
local items, revisions = unpack(KEYS)
local id = ARGV[1]
local REVISION, STATE = 1, 2

local stored = redis.call('HGET', items, id)
if not stored then return false end
local item = cmsgpack.unpack(stored)
local found = {}
-- A kill has left none.
for revision = 1, item[STATE] == 'killed' and 0 or tonumber(item[REVISION]) do
  local kept = redis.call('HGET', revisions, string.format('%s:%.0f', id, revision))
  if kept then
    local nonce, action, content, kind, notice, pinnedUntil, at = unpack(cmsgpack.unpack(kept))
    found[revision] = {action, content, kind, notice, at}
  else
    found[revision] = false
  end
end
return {item, found}

#!lua flags=no-writes
-- One cut: the head, and the entries of the log joined with what their items are now.
local meta, log, items = unpack(KEYS)
local from, limit = unpack(ARGV)
local REVISION = 1

local head = redis.call('HMGET', meta, 'epoch', 'seq', 'mark')
local entries = {}
for at, entry in ipairs(redis.call('XRANGE', log, from, '+', 'COUNT', limit)) do
  local seq, fields = string.match(entry[1], '^%d+'), entry[2]
  local id, revision, prev, mark, bulk = fields[2], fields[4], fields[6], fields[8], fields[10]
  local item = cmsgpack.unpack(redis.call('HGET', items, id))
  -- What an item says goes out once, with its newest entry.
  if item[REVISION] ~= revision then item = false end
  entries[at] = {seq, id, revision, prev, mark, bulk, item}
end
return {head, entries}

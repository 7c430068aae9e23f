#!lua flags=no-writes
-- Rows of the audit, newest first, each with the public notice of what was done: joined in the same cut with where it is
-- for readers, so that it is gone from here too when it is gone there.
local audit, items, revisions = unpack(KEYS)
local newest, limit = unpack(ARGV)
local NOTICE, NOTICE_OF_REVISION = 9, 5

local rows = {}
for at, entry in ipairs(redis.call('XREVRANGE', audit, newest, '-', 'COUNT', limit)) do
  local fields = {}
  for field = 1, #entry[2], 2 do fields[entry[2][field]] = entry[2][field + 1] end
  local notice = ''
  if fields.action == 'kill' then
    local item = redis.call('HGET', items, fields.id)
    notice = item and cmsgpack.unpack(item)[NOTICE] or ''
  elseif fields.kind ~= '' then
    local revision = redis.call('HGET', revisions, fields.id .. ':' .. fields.revision)
    notice = revision and cmsgpack.unpack(revision)[NOTICE_OF_REVISION] or ''
  end
  rows[at] = {string.match(entry[1], '^%d+'), fields.at, fields.actor, fields.action, fields.id, fields.revision,
    fields.from, fields.kind, notice, fields.digest}
end
return rows

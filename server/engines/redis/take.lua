#!lua flags=allow-oom
-- Removes a record and answers with what it was. Allowed in a full store, since it only makes room.
local record, ids = unpack(KEYS)
local id = ARGV[1]
local stored = redis.call('GET', record)
if stored then
  redis.call('DEL', record)
  redis.call('ZREM', ids, id)
end
return stored

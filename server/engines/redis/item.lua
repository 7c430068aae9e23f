#!lua flags=no-writes
-- What an item is now, and the nonce of one of its revisions.
local items, revisions = unpack(KEYS)
local id, revision = unpack(ARGV)
local stored = redis.call('HGET', items, id)
local kept = redis.call('HGET', revisions, id .. ':' .. revision)
return {stored and cmsgpack.unpack(stored), kept and cmsgpack.unpack(kept)[1]}

#!lua flags=allow-oom
-- Starts another epoch if the log stands where the caller saw it. Allowed in a full store: it is how readers learn
-- that they have to load again.
local meta = KEYS[1]
local epoch, seq, mark, fresh, genesis, channel = unpack(ARGV)
local head = redis.call('HMGET', meta, 'epoch', 'seq', 'mark')
-- A position that a reader brought holds the start of a mark only.
local start = string.sub(head[3] or genesis, 1, #mark)
if head[1] and (head[1] ~= epoch or (head[2] or '0') ~= seq or start ~= mark) then return head[1] end
redis.call('HSET', meta, 'epoch', fresh)
redis.call('PUBLISH', channel, head[2] or '0')
return fresh

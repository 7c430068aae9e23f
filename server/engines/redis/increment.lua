#!lua
-- Adds to a record whose value is a number; it ends a life after the first addition. Answers with the sum and with what
-- is left of its life.
local record, ids = unpack(KEYS)
local id, by, life = unpack(ARGV)

local function whole(number)
  return string.format('%.0f', number)
end

local version, count, left = '0', '0', -1
local stored = redis.call('GET', record)
if stored then
  version, count = string.match(stored, '^(%d+) (%-?%d+)$')
  if not version then return {'no counter'} end
  left = redis.call('PTTL', record)
end
local sum = whole(tonumber(count) + tonumber(by))
local text = whole(tonumber(version) + 1) .. ' ' .. sum
if left >= 0 then
  redis.call('SET', record, text, 'KEEPTTL')
  return {sum, left}
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', ids, '-inf', '(' .. whole(now))
redis.call('SET', record, text, 'PX', life)
redis.call('ZADD', ids, whole(now + tonumber(life)), id)
return {sum, tonumber(life)}

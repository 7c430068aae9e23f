#!lua
-- Stores `<version> <JSON>` when the record has the version expected; 0 stands for none. Redis itself ends a record whose
-- life is over, but not its id among those of the kind: each put takes the ended ones out.
local record, ids = unpack(KEYS)
local id, expects, value, life = unpack(ARGV)

local version = 0
local stored = redis.call('GET', record)
if stored then version = tonumber(string.match(stored, '^%d+')) end
if version ~= tonumber(expects) then return 0 end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', ids, '-inf', string.format('(%.0f', now))
local text = string.format('%.0f', version + 1) .. ' ' .. value
if life == '' then
  redis.call('SET', record, text)
  redis.call('ZADD', ids, '+inf', id)
else
  redis.call('SET', record, text, 'PX', life)
  redis.call('ZADD', ids, string.format('%.0f', now + tonumber(life)), id)
end
return 1

#!lua
-- Stores `<version> <JSON>` when the record has the version expected; 0 stands for none.
local version = 0
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored then version = tonumber(string.match(stored, '^%d+')) end
if version ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', version + 1) .. ' ' .. ARGV[3])
return 1

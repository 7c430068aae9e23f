#!lua
-- Several records, of whatever kinds, and the row that says who changed them. A script that fails half-way is not rolled
-- back, so all versions are checked before the first write, which is the row: its XADD refuses a number that is not next.
local acts = KEYS[1]
local actor, from, action, subject, editions, why = unpack(ARGV, 1, 6)

local function whole(number)
  return string.format('%.0f', number)
end

local writes = {}
for at = 2, #KEYS, 2 do
  local id, expects, value, life = unpack(ARGV, 2 * at + 3, 2 * at + 6)
  local stored = redis.call('GET', KEYS[at])
  local version = stored and string.match(stored, '^%d+') or '0'
  if version ~= expects then return 0 end
  writes[#writes + 1] = {record = KEYS[at], ids = KEYS[at + 1], id = id, version = version, value = value, life = life}
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local last = redis.call('XREVRANGE', acts, '+', '-', 'COUNT', 1)[1]
local seq = whole((last and tonumber(string.match(last[1], '^%d+')) or 0) + 1)
redis.call('XADD', acts, seq .. '-0', 'at', whole(now), 'actor', actor, 'from', from, 'action', action,
  'subject', subject, 'editions', editions, 'why', why)

for _, write in ipairs(writes) do
  redis.call('ZREMRANGEBYSCORE', write.ids, '-inf', '(' .. whole(now))
  local text = whole(tonumber(write.version) + 1) .. ' ' .. write.value
  if write.value == '' then
    redis.call('DEL', write.record)
    redis.call('ZREM', write.ids, write.id)
  elseif write.life == '' then
    redis.call('SET', write.record, text)
    redis.call('ZADD', write.ids, '+inf', write.id)
  else
    redis.call('SET', write.record, text, 'PX', write.life)
    redis.call('ZADD', write.ids, whole(now + tonumber(write.life)), write.id)
  end
end
return 1

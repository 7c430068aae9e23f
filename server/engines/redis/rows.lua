#!lua flags=no-writes
-- The rows of an edition or of one of its views, in one cut with its position. `source` is the index to walk.
local meta, items, pins, source = unpack(KEYS)
local limit = tonumber(ARGV[1])
-- Only what is older than this place, or '' for all.
local beforeTime, beforeId = ARGV[2], ARGV[3]
local STATE, PUBLISHED, CHUNK = 2, 3, 100

local function load(id)
  return cmsgpack.unpack(redis.call('HGET', items, id))
end

local found, pinned, start = {}, {}, 0
if beforeTime == '' then
  for _, id in ipairs(redis.call('ZREVRANGE', pins, 0, -1)) do
    if redis.call('ZSCORE', source, id) then
      pinned[id] = true
      found[#found + 1] = {id, load(id)}
    end
  end
else
  start = redis.call('ZCOUNT', source, '(' .. beforeTime, '+inf')
end

local function tooNew(id, item)
  return item[PUBLISHED] == beforeTime and id >= beforeId
end

local count, more = 0, false
repeat
  local ids = redis.call('ZREVRANGE', source, start, start + CHUNK - 1)
  for _, id in ipairs(ids) do
    local item = not pinned[id] and load(id)
    if item and not tooNew(id, item) then
      local killed = item[STATE] == 'killed'
      more = count == limit and not killed
      if more then break end
      if count < limit then found[#found + 1] = {id, item} end
      if not killed then count = count + 1 end
    end
  end
  start = start + CHUNK
until more or #ids < CHUNK
return {redis.call('HMGET', meta, 'epoch', 'seq', 'mark'), found, more and 1 or 0}

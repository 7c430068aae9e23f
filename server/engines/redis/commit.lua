#!lua
-- One commit. A script that fails half-way is not rolled back, so everything is checked before the first write, the
-- log (whose XADD refuses a number that is not the next one) is written first and the announcement is made last.
local meta, log, items, revisions, rows, pins, audit, key = unpack(KEYS, 1, 8)
local id, action, expects, state, content, views, oldViews, kind, noticeMember, notice, publishedAt, pinnedUntil,
  notBefore, nonce, digest, hasKey, requestDigest, keyLife, actor, from, bulk, logLength, freshEpoch, genesis, channel,
  oldCount = unpack(ARGV)
local REVISION, STATE, PUBLISHED, SIGNIFICANT, REVISED, PINNED, CONTENT, AMENDMENTS, NOTICE, VIEWS =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10

local function whole(number)
  return string.format('%.0f', number)
end

if hasKey == '1' then
  -- GETEX, not GET: WAIT promises something for writes only.
  local known = redis.call('GETEX', key, 'PX', keyLife)
  if known then return {'known', known} end
end

local stored = redis.call('HGET', items, id)
local item = stored and cmsgpack.unpack(stored)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

if item and item[STATE] == 'killed' then return {'killed', item} end
if action == 'publish' then
  if item then return {'exists', item} end
else
  if not item then return {'missing'} end
  if expects ~= '-1' and expects ~= item[REVISION] then return {'conflict', item} end
  if now < tonumber(notBefore) then return {'early', item} end
  -- Every key has to be declared, so the caller names the indexes that the item leaves: it is told when it guessed wrong.
  if oldViews ~= item[VIEWS] then return {'views', item[VIEWS]} end
end

if item then
  now = math.max(now, tonumber(item[REVISED]))
else
  local published = publishedAt == '-1' and whole(now) or publishedAt
  item = {'0', state, published, published, '0', '0', '', '[]', '', ''}
end
item[REVISION] = whole(tonumber(item[REVISION]) + 1)
item[REVISED] = whole(now)
if state ~= '' then item[STATE] = state end
if pinnedUntil ~= '-1' then item[PINNED] = pinnedUntil end
if content ~= '' then
  item[CONTENT] = content
  item[VIEWS] = views
end
if kind ~= '' then
  -- kind and noticeMember are JSON already; decoding and encoding here would turn every [] into {}.
  local amendment = '{"revision":' .. item[REVISION] .. ',"kind":' .. kind .. ',"at":' .. item[REVISED] .. noticeMember .. '}'
  local before = item[AMENDMENTS]
  item[AMENDMENTS] = before == '[]' and '[' .. amendment .. ']' or string.sub(before, 1, -2) .. ',' .. amendment .. ']'
  if kind ~= '"refile"' then item[SIGNIFICANT] = item[REVISED] end
end
local killed = item[STATE] == 'killed'
if killed then
  item[CONTENT], item[AMENDMENTS], item[VIEWS], item[PINNED], item[NOTICE] = '', '', '', '0', notice
end

local head = redis.call('HMGET', meta, 'epoch', 'seq', 'mark')
local epoch, prev = head[1] or freshEpoch, head[3] or genesis
local seq = whole(tonumber(head[2] or '0') + 1)
local mark = redis.sha1hex(prev .. ':' .. id .. ':' .. item[REVISION] .. ':' .. digest)

redis.call('XADD', log, 'MAXLEN', '=', logLength, seq .. '-0',
  'id', id, 'revision', item[REVISION], 'prev', prev, 'mark', mark, 'bulk', bulk)
redis.call('HSET', meta, 'epoch', epoch, 'seq', seq, 'mark', mark)
redis.call('HSET', items, id, cmsgpack.pack(item))

if killed then
  for revision = 1, tonumber(item[REVISION]) do
    redis.call('HDEL', revisions, id .. ':' .. whole(revision))
  end
else
  redis.call('HSET', revisions, id .. ':' .. item[REVISION],
    cmsgpack.pack({nonce, action, content, kind, notice, pinnedUntil, item[REVISED]}))
end

local shown = item[STATE] == 'published'
if shown or killed then redis.call('ZADD', rows, item[PUBLISHED], id) else redis.call('ZREM', rows, id) end
if item[PINNED] ~= '0' then redis.call('ZADD', pins, item[PUBLISHED], id) else redis.call('ZREM', pins, id) end
local firstNew = 9 + tonumber(oldCount)
for at = 9, firstNew - 1 do redis.call('ZREM', KEYS[at], id) end
if shown then
  for at = firstNew, #KEYS do redis.call('ZADD', KEYS[at], item[PUBLISHED], id) end
end

redis.call('XADD', audit, seq .. '-0', 'at', item[REVISED], 'actor', actor, 'action', action, 'id', id,
  'revision', item[REVISION], 'from', from, 'kind', kind, 'digest', digest)
if hasKey == '1' then
  redis.call('SET', key, table.concat({id, item[REVISION], epoch, seq, mark, requestDigest}, ' '), 'PX', keyLife)
end
redis.call('PUBLISH', channel, seq)
return {'done', item[REVISION], epoch, seq, mark, item}

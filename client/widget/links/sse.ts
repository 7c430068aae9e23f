import { type OpenLink, parse, watched } from '../link.ts';

const TYPES = ['hello', 'item', 'kill', 'hold', 'beat', 'reset', 'goaway'] as const;

/** For networks that let no WebSocket through. The browser's own reconnecting is not used: ours has the jitter. */
export const openEventStream: OpenLink = (world, address, since, ears) => {
  const stream = world.stream(address.live(since));
  const link = watched(world, ears, () => {
    stream.onerror = null;
    stream.close();
  });
  stream.onerror = () => link.fail();
  for (const type of TYPES) stream.addEventListener(type, ({ data }: MessageEvent) => link.hear(parse(data)));
  return link;
};

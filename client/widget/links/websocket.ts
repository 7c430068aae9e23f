import { type OpenLink, parse, watched } from '../link.ts';

export const openWebSocket: OpenLink = (world, address, since, ears) => {
  const socket = world.open(address.live(since).replace(/^http/, 'ws'));
  const link = watched(world, ears, () => {
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  });
  socket.onclose = () => link.fail();
  socket.onmessage = ({ data }) => link.hear(parse(data));
  return link;
};

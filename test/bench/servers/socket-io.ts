import { Server } from 'socket.io';
import { open, publisherDoor } from './door.ts';

const server = publisherDoor((text) => sockets.emit('item', JSON.parse(text)));
const sockets = new Server(server, { transports: ['websocket'], serveClient: false });
open(server);

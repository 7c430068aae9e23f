import { WebSocket, WebSocketServer } from 'ws';
import { open, publisherDoor } from './door.ts';

/** The loop that everybody writes first. */
const server = publisherDoor((text) => {
  for (const client of sockets.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
});
const sockets = new WebSocketServer({ server });
open(server);

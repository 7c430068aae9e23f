import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The publisher's side of a peer that runs on Node: the body of a POST is what readers are to get. */
export function publisherDoor(publish: (text: string) => void): Server {
  return createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => {
      text += piece;
    });
    request.on('end', () => {
      publish(text);
      response.end();
    });
  });
}

export function sayPort(port: number): void {
  console.log(JSON.stringify({ port }));
}

export function open(server: Server): void {
  server.listen(0, '127.0.0.1', 4096, () => sayPort((server.address() as AddressInfo).port));
}

import uws from '@uwsjs/linux-x64-22';
import { sayPort } from './door.ts';

const app = uws.App();
app
  .ws('/', { compression: 0, idleTimeout: 0, maxBackpressure: 0, open: (socket) => void socket.subscribe('all') })
  .post('/publish', (response) => {
    let text = Buffer.alloc(0);
    response.onAborted(() => {});
    response.onData((piece, last) => {
      text = Buffer.concat([text, Buffer.from(piece)]);
      if (!last) return;
      app.publish('all', text);
      response.end();
    });
  })
  .listen('127.0.0.1', 0, (door) => sayPort(uws.us_socket_local_port(door)));

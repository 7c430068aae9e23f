import { connect, type Socket as TcpSocket } from 'node:net';
import type { Socket } from '../../client/widget/world.ts';

/** What became of the handshake: the status of its answer. */
export type Answered = (status: number) => void;

/** A browser's WebSocket, as far as the client asks for one, and cheap enough to be had by thousands. */
export class LightSocket implements Socket {
  readonly #tcp: TcpSocket;
  #rest: Buffer = Buffer.alloc(0);
  #open = false;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;

  constructor(url: string, answered: Answered) {
    const { port, hostname, pathname, search } = new URL(url);
    this.#tcp = connect({ port: Number(port), host: hostname, noDelay: true });
    this.#tcp.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    this.#tcp.on('data', (piece: Buffer) => this.#read(piece, answered));
    this.#tcp.on('error', () => {});
    this.#tcp.on('close', () => this.onclose?.call(this as unknown as WebSocket, {} as CloseEvent));
  }

  close(): void {
    this.#tcp.destroy();
  }

  #read(piece: Buffer, answered: Answered): void {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    if (!this.#open) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = Number(this.#rest.toString('latin1', 9, 12));
      answered(status);
      if (status !== 101) return void this.#tcp.destroy();
      this.#open = true;
      this.#rest = this.#rest.subarray(end + 4);
    }
    while (this.#frame());
  }

  /** Whether there was a whole one. */
  #frame(): boolean {
    const rest = this.#rest;
    if (rest.length < 2) return false;
    const short = (rest[1] ?? 0) & 127;
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (rest.length < head) return false;
    const length = head === 2 ? short : head === 4 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (rest.length < head + length) return false;
    this.#rest = rest.subarray(head + length);
    const opcode = (rest[0] ?? 0) & 15;
    if (opcode === 1) {
      const data = rest.toString('utf8', head, head + length);
      this.onmessage?.call(this as unknown as WebSocket, { data } as MessageEvent);
    }
    // A pong without a body, masked with noughts.
    if (opcode === 9) this.#tcp.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    if (opcode === 8) this.#tcp.destroy();
    return true;
  }
}

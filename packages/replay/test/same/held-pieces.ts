// Stands between a gateway and its clouds, and holds back what comes from them: it is let through
// one piece at a time.

import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** Nothing comes for so long, in real time. */
const quietMs = 40;

export class HeldPieces {
  readonly #pieces: (() => void)[] = [];
  readonly #servers: Server[] = [];
  #onPiece: (() => void) | null = null;

  /** The address of a proxy before `url`. */
  async through(url: string): Promise<string> {
    const { port, hostname } = new URL(url);
    const server = createServer({ noDelay: true }, socket => {
      const upstream = connect({ port: Number(port), host: hostname, noDelay: true });
      socket.pipe(upstream);
      upstream.on('data', piece => this.#hold(() => socket.write(piece)));
      upstream.on('end', () => this.#hold(() => socket.end()));
      upstream.on('error', () => this.#hold(() => socket.destroy()));
      upstream.on('close', () => this.#hold(() => socket.destroy()));
      socket.on('error', () => upstream.destroy());
      socket.on('close', () => upstream.destroy());
    });
    this.#servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  get isComing(): boolean {
    return this.#pieces.length > 0;
  }

  /** Whether there is a piece, or one comes before long. */
  async hasCome(): Promise<boolean> {
    if (this.isComing) return true;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, quietMs);
      this.#onPiece = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onPiece = null;
    return this.isComing;
  }

  /** Lets the eldest through. */
  release(): void {
    this.#pieces.shift()!();
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }

  #hold(piece: () => void): void {
    this.#pieces.push(piece);
    this.#onPiece?.();
  }
}

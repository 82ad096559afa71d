// How several processes come to listen at one port.

import type { AddressInfo } from 'node:net';
import { createServer, type ListenOptions } from 'node:net';

export interface SharedPort {
  readonly port: number;
  /** Each listens for itself, and the kernel deals out; else all share one handle. */
  readonly reusePort: boolean;
}

/**
 * Port 0 takes a free one. Rejects with `EADDRINUSE` when anybody listens there: one who shares the
 * port as well would not be noticed later.
 */
export async function sharedPort(host: string, port: number): Promise<SharedPort> {
  return { port: await tried({ host, port }), reusePort: await canReuse(host) };
}

/** Linux and the BSDs can; macOS and Windows cannot. */
async function canReuse(host: string): Promise<boolean> {
  try {
    await tried({ host, port: 0, reusePort: true });
    return true;
  } catch {
    return false;
  }
}

/** Listens for a moment, and gives the port. */
function tried(where: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ ...where, exclusive: true }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

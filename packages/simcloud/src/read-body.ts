// The whole body of a request, up to a limit.

import type { IncomingMessage } from 'node:http';

/** null when it is larger than the limit, or when the caller goes away before its end. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Uint8Array | null> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else resolve(null);
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once('close', () => resolve(null));
  });
}

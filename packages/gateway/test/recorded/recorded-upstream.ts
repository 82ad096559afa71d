// A server on loopback that answers every call with a recorded status, its headers and its bytes.

import { FakeUpstream } from '../rig.ts';
import type { Exchange } from './exchange.ts';

/** Headers that are of the recorded connection, or were changed by whoever recorded it. */
const notPlayed = /^(content-length|content-encoding|transfer-encoding|connection|date|server)$/;

export class RecordedUpstream extends FakeUpstream {
  playing: Exchange | null = null;

  constructor(random: () => number) {
    super((_received, response) => {
      const { status, headers, stream, body } = this.playing!;
      response.setHeader('content-type', typeOf(this.playing!));
      for (const [name, value] of Object.entries(headers)) {
        if (!notPlayed.test(name) && !String(value).includes('REDACTED')) {
          response.setHeader(name, value);
        }
      }
      response.statusCode = status;
      if (!stream) {
        response.end(body);
        return;
      }
      response.flushHeaders();
      const pieces = inPieces(body, random);
      const next = (): void => {
        const piece = pieces.shift();
        if (piece === undefined) response.end();
        else response.write(piece, next);
      };
      next();
    });
  }
}

/** What a fixture that is a body alone was sent as. */
function typeOf({ stream, place }: Exchange): string {
  if (!stream) return 'application/json';
  return place.startsWith('Bedrock') ? 'application/vnd.amazon.eventstream' : 'text/event-stream';
}

/** Cut at up to eight random places. */
export function inPieces(body: Buffer, random: () => number): Buffer[] {
  const count = Math.floor(random() * 8);
  const places = Array.from({ length: count }, () => Math.floor(random() * (body.length + 1)));
  const ends = [...places.sort((one, two) => one - two), body.length];
  return ends
    .map((end, at) => body.subarray(at === 0 ? 0 : ends[at - 1], end))
    .filter(({ length }) => length > 0);
}

/** Numbers in [0, 1) that are the same for the same seed. (mulberry32) */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

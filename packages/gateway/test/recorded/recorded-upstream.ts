// A server on loopback that answers every call with a recorded status, its headers and its bytes.

import { inPieces, type Random } from '../../../dialects/test/shared/seeded.ts';
import { FakeUpstream } from '../rig.ts';
import type { Exchange } from './exchange.ts';

/** Headers that are of the recorded connection, or were changed by whoever recorded it. */
const notPlayed = /^(content-length|content-encoding|transfer-encoding|connection|date|server)$/;

export class RecordedUpstream extends FakeUpstream {
  playing: Exchange | null = null;

  constructor(random: Random) {
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
      const pieces = inPieces(random, body, 8);
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

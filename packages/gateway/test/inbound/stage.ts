// A port that speaks HTTP to callers, with an answer of the test's own behind it, and callers that
// send it raw bytes.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { Front } from '../../src/inbound/front.ts';
import { Http1Sessions } from '../../src/inbound/http1-sessions.ts';
import { Http2Sessions } from '../../src/inbound/http2-sessions.ts';
import type { Dispatch, Inbound } from '../../src/inbound/inbound.ts';
import type { InboundLimits } from '../../src/inbound/limits.ts';

export interface Stage {
  readonly port: number;
  readonly front: Front;
}

const usual: InboundLimits = {
  headMs: 15_000,
  requestMs: 60_000,
  idleMs: 72_000,
  headBytes: 16 * 1024,
  headers: 100,
};

/** Listens for the length of the test. */
export async function stage(
  t: Pick<TestContext, 'after'>,
  dispatch: Dispatch,
  limits: Partial<InboundLimits> = {},
): Promise<Stage> {
  const all = { ...usual, ...limits };
  const http1 = new Http1Sessions(all, systemClock, dispatch);
  const front = new Front(http1, new Http2Sessions(all, dispatch), all.headMs);
  const port = await front.listen({ host: '127.0.0.1', port: 0, reusePort: false });
  t.after(() => front.close(0));
  return { port, front };
}

/** A caller that is connected; what comes is kept. */
export class RawCaller {
  text = '';
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket
      .setMaxListeners(0)
      .setEncoding('latin1')
      .on('error', () => undefined);
    this.socket.on('data', text => (this.text += text));
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Until what came has `part` in it. Rejects where the connection ends without. */
  async has(part: string | RegExp): Promise<string> {
    const isThere = (): boolean =>
      typeof part === 'string' ? this.text.includes(part) : part.test(this.text);
    while (!isThere()) {
      if (this.socket.readableEnded || this.socket.destroyed) {
        throw new Error(`it ended with ${JSON.stringify(this.text.slice(0, 500))}`);
      }
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
    return this.text;
  }

  /** Until the other side has ended; gives all that came. */
  async ended(): Promise<string> {
    if (!this.socket.readableEnded && !this.socket.destroyed) {
      await Promise.race([once(this.socket, 'end'), once(this.socket, 'close')]);
    }
    this.socket.destroy();
    return this.text;
  }
}

/** The body, when it is whole. */
export function bodyOf(inbound: Inbound): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    inbound.readBody({
      piece: bytes => pieces.push(bytes),
      end: () => resolve(Buffer.concat(pieces).toString('latin1')),
      broken: () => reject(new Error('broken off')),
    });
  });
}

/** Answers with what was asked: method, target and body, as JSON. */
export const echo: Dispatch = inbound => {
  void bodyOf(inbound).then(
    body => {
      const { method, target } = inbound;
      const text = JSON.stringify([method, target, body]);
      inbound.send(200, ['content-type', 'application/json'], Buffer.from(text, 'latin1'));
    },
    () => undefined,
  );
};

// HTTP/2 without TLS, for callers that begin with it (AWS's SDK does where its endpoint is http).
// Requests have the shapes of HTTP/1.1, and go the same way. What one session may take is bounded.

import {
  constants,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import { Http2Inbound } from './http2-inbound.ts';
import type { Dispatch } from './inbound.ts';
import type { InboundLimits } from './limits.ts';

/** Requests that one session may have open at once. */
const streams = 256;
/** What may come of one body before it is asked for: the protocol's 64 KiB make uploads slow. */
const windowBytes = 1024 * 1024;
/** Streams that a session may reset at once, and then each second: a flood of them is ended. */
const resetBurst = 500;
const resetsPerSecond = 50;

export class Http2Sessions {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #limits: InboundLimits;

  constructor(limits: InboundLimits, dispatch: Dispatch) {
    this.#limits = limits;
    this.#server = createServer({
      settings: {
        enablePush: false,
        initialWindowSize: windowBytes,
        maxConcurrentStreams: streams,
        maxHeaderListSize: limits.headBytes,
      },
      maxHeaderListPairs: limits.headers,
      streamResetBurst: resetBurst,
      streamResetRate: resetsPerSecond,
    });
    this.#server.on('session', session => this.#watch(session));
    this.#server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
      // What a session agreed to holds from its second request on.
      if (bytesOf(request.rawHeaders) > limits.headBytes) {
        response.writeHead(431).end();
        return;
      }
      this.#boundBody(request);
      dispatch(new Http2Inbound(request, response));
    });
  }

  /** Serves a connection whose first bytes are still in it. */
  take(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** Says goodbye to all: what is open finishes, then its session ends. */
  drain(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Ends everything at once. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  /** Frames that open no request do not keep a session. */
  #watch(session: ServerHttp2Session): void {
    let open = 0;
    let idle = setTimeout(() => session.destroy(), this.#limits.headMs);
    this.#sessions.add(session);
    session.on('stream', stream => {
      open++;
      clearTimeout(idle);
      stream.once('close', () => {
        open--;
        if (open > 0 || session.destroyed) return;
        idle = setTimeout(() => session.close(), this.#limits.idleMs);
      });
    });
    session.once('close', () => {
      clearTimeout(idle);
      this.#sessions.delete(session);
    });
    session.setLocalWindowSize(16 * windowBytes);
  }

  #boundBody(request: Http2ServerRequest): void {
    const { stream } = request;
    if (stream.readableEnded) return;
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), this.#limits.requestMs);
    const done = (): void => clearTimeout(late);
    stream.once('end', done);
    stream.once('close', done);
  }
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

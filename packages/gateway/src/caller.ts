// The caller's side of one request: its response stream, and whether it is still there.

import type { ServerResponse } from 'node:http';
import { constants, type Http2Stream } from 'node:http2';

export class Caller {
  readonly response: ServerResponse;
  gone = false;
  /** Called once when the caller goes away before its answer is whole. */
  onGone: (() => void) | null = null;
  #closed = false;

  constructor(response: ServerResponse) {
    this.response = response;
    response.on('close', () => this.#close());
  }

  get headSent(): boolean {
    return this.response.headersSent;
  }

  /** Breaks off an answer, so that what was sent of it is not taken for the whole. */
  cutOff(): void {
    const stream = http2StreamOf(this.response);
    if (stream === undefined) this.response.destroy();
    else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.response.writableFinished && !this.#wasReset) return;
    this.gone = true;
    this.onGone?.();
  }

  /** A reset ends what is written of HTTP/2, and so it looks finished. */
  get #wasReset(): boolean {
    return http2StreamOf(this.response)?.aborted === true;
  }
}

/** undefined in HTTP/1.1. */
function http2StreamOf(response: ServerResponse): Http2Stream | undefined {
  return (response as { stream?: Http2Stream }).stream;
}

// One request of HTTP/2 and its answer: Node's own, which have the shapes of HTTP/1.1.

import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { HeaderMap } from '@entrepot/dialects/dialect';
import type { BodyTaker, Inbound } from './inbound.ts';

/** A caller whose body was not read is given this long and this much to finish sending it. */
const lingerMs = 2_000;
const lingerBytes = 64 * 1024 * 1024;

export class Http2Inbound implements Inbound {
  gone = false;
  onGone: (() => void) | null = null;
  onDrain: (() => void) | null = null;
  readonly #request: Http2ServerRequest;
  readonly #response: Http2ServerResponse;
  #isClosed = false;

  constructor(request: Http2ServerRequest, response: Http2ServerResponse) {
    this.#request = request;
    this.#response = response;
    response.on('close', () => this.#close()).on('drain', () => this.onDrain?.());
  }

  get method(): string {
    return this.#request.method;
  }

  get target(): string {
    return this.#request.url;
  }

  get headers(): HeaderMap {
    // Of what callers send, none is a list here.
    return this.#request.headers as HeaderMap;
  }

  get isWhole(): boolean {
    return this.#request.complete;
  }

  get headSent(): boolean {
    return this.#response.headersSent;
  }

  readBody(taker: BodyTaker): void {
    const request = this.#request;
    let isOver = false;
    const over = (isWhole: boolean): void => {
      if (isOver) return;
      isOver = true;
      if (isWhole) taker.end();
      else taker.broken();
    };
    request
      .on('data', (bytes: Buffer) => isOver || taker.piece(bytes))
      // The body of a stream that was reset ends, too.
      .on('end', () => over(!request.aborted))
      .on('error', () => over(false))
      .on('close', () => over(false));
  }

  send(status: number, head: readonly string[], body: Uint8Array): void {
    if (this.gone || this.headSent) return;
    const isWhole = this.isWhole;
    this.begin(status, [...head, 'content-length', String(body.length)]);
    if (isWhole) this.#response.end(body);
    else {
      this.#response.write(body);
      this.#linger();
    }
  }

  begin(status: number, head: readonly string[]): void {
    if (!this.gone) this.#response.writeHead(status, head as string[]);
  }

  write(bytes: Uint8Array): boolean {
    return bytes.length === 0 || this.#response.write(bytes);
  }

  end(last?: Uint8Array): void {
    if (last === undefined) this.#response.end();
    else this.#response.end(last);
  }

  cutOff(): void {
    this.#response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A reset ends what is written, and so it looks finished.
    if (this.#response.writableFinished && !this.#response.stream.aborted) return;
    this.gone = true;
    this.onGone?.();
  }

  /** Reads on for a while: a caller that is still sending would see a reset and no answer. */
  #linger(): void {
    const request = this.#request;
    let left = lingerBytes;
    const end = (): void => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      this.#response.end();
    };
    const timer = setTimeout(end, lingerMs);
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    });
    request.on('end', end).on('close', end).resume();
  }
}

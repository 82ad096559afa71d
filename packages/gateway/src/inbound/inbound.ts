// One request of a caller and the way its answer goes back, in either version of HTTP: what the
// seven steps see of a connection.

import type { HeaderMap } from '@entrepot/dialects/dialect';

/** Takes a body. After `end` or `broken`, one of them once, nothing comes. */
export interface BodyTaker {
  piece(bytes: Buffer): void;
  end(): void;
  /** The caller is gone, or has broken its body off. */
  broken(): void;
}

export interface Inbound {
  readonly method: string;
  /** Path and query, as they were asked for. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: HeaderMap;
  /** The whole body has come. */
  readonly isWhole: boolean;
  /** The body from its beginning; what nobody takes is not read. Once. */
  readBody(taker: BodyTaker): void;

  /** Something of the answer was sent. */
  readonly headSent: boolean;
  /** The caller went away before its answer was whole. */
  readonly gone: boolean;
  /** Called once when the caller goes away before its answer is whole. */
  onGone: (() => void) | null;
  /** Called when a caller that was slow can take more. */
  onDrain: (() => void) | null;
  /** The whole answer. `head`: names and values in turn, without its length. */
  send(status: number, head: readonly string[], body: Uint8Array): void;
  /** The head of an answer that is written piece by piece; it goes with the first of them. */
  begin(status: number, head: readonly string[]): void;
  /** False: the caller is slow, and the next piece should wait for `onDrain`. */
  write(bytes: Uint8Array): boolean;
  end(last?: Uint8Array): void;
  /** Breaks the answer off, so that what was sent of it is not taken for the whole. */
  cutOff(): void;
}

export type Dispatch = (inbound: Inbound) => void;

/** Reads a body that nobody needs, so that its connection can go on. */
export const discard: BodyTaker = { piece() {}, end() {}, broken() {} };

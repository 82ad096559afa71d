// How one call of an upstream goes: what it began with, how it ended, and where its bytes go.

import type { Fault } from './failures.ts';

export interface Failed {
  readonly type: 'failed';
  readonly fault: Fault;
}

/** Content has come, or the whole answer, or neither. */
export type Began =
  | { readonly type: 'whole'; readonly status: number; readonly body: Buffer }
  | { readonly type: 'streaming' }
  | Failed
  | { readonly type: 'gone' };

/** How a stream ended after its content had begun. */
export type Ended =
  | { readonly type: 'complete' }
  | { readonly type: 'broken'; readonly fault: Fault }
  | { readonly type: 'gone' };

/** Where a stream's bytes go. `write` says whether more may come at once. */
export interface Sink {
  write(bytes: Uint8Array): boolean;
}

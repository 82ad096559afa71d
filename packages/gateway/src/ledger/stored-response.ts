// An answer of Responses that the gateway keeps, and what can be asked of those kept.

import type { KeptItem } from '@entrepot/dialects/openai-responses/item-references';

export interface StoredResponse {
  readonly id: string;
  /** The caller's key: nobody else is told that it exists. */
  readonly key: string;
  /** The answer that this one continues. */
  readonly previousId: string | null;
  /** The deployment that answered. */
  readonly deployment: string;
  /** Unix ms. */
  readonly createdAtMs: number;
  /** JSON of the request's `input`, as the caller wrote it. */
  readonly input: string;
  /** JSON of the response object. */
  readonly response: string;
}

/** A kept answer and the ones that it continues, oldest first. */
export type Conversation =
  | { readonly type: 'whole'; readonly turns: readonly StoredResponse[] }
  /** This one of them is unknown, deleted, expired, or another caller's. */
  | { readonly type: 'missing'; readonly id: string }
  | { readonly type: 'too-long' };

export interface ResponseStore {
  /** Resolves when it can be read; rejects with a LedgerError when it cannot be written. */
  put(response: StoredResponse): Promise<void>;
  /** null for what is unknown, deleted, expired, or another caller's. */
  get(id: string, key: string): Promise<StoredResponse | null>;
  /** `maxBytes` bounds the JSON of all turns. */
  conversation(id: string, key: string, maxBytes: number): Promise<Conversation>;
  /** Items of answers by their ids, in this order; null for one that `get` would not find. */
  items(ids: readonly string[], key: string): Promise<readonly (KeptItem | null)[]>;
  /** False for what `get` would not find. */
  delete(id: string, key: string): Promise<boolean>;
  /** What was put before is written first. */
  close(): Promise<void>;
}

export interface RetentionLimits {
  readonly retentionMs: number;
  /** Of all that is kept; the oldest makes way. */
  readonly maxTotalBytes: number;
}

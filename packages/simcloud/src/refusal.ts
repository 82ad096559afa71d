// Why a simulated cloud does not answer a call, before it is said in the cloud's own words.

import type { Exceeded } from './quota.ts';

export type Refusal =
  | { readonly reason: 'no-credential' }
  | { readonly reason: 'wrong-credential'; readonly shown: string }
  /** AWS: the signature, by the exception that says what is wrong with it. */
  | { readonly reason: 'signature'; readonly exception: string; readonly message: string }
  | { readonly reason: 'no-such-path'; readonly method: string; readonly path: string }
  | { readonly reason: 'no-such-model'; readonly model: string }
  | { readonly reason: 'too-large' }
  | {
      readonly reason: 'invalid';
      readonly message: string;
      readonly field: string | null;
      readonly code: string | null;
    }
  | { readonly reason: 'context-length'; readonly tokens: number; readonly limit: number }
  | {
      readonly reason: 'rate-limit';
      readonly model: string;
      /** null: a fault, which no quota stands behind. */
      readonly exceeded: Exceeded | null;
      readonly retryAfterMs: number;
      /** Also where the cloud does not say when to come back. */
      readonly isRetryAfterForced: boolean;
    }
  | { readonly reason: 'overloaded' }
  | { readonly reason: 'server-error'; readonly status: number | null };

/** A refusal as it goes over the wire. */
export interface WireRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function invalid(
  message: string,
  field: string | null = null,
  code: string | null = null,
): Refusal {
  return { reason: 'invalid', message, field, code };
}

// Step 2: the body becomes an Intent. The bytes are kept: where caller and upstream speak the same
// dialect they go on as they are. A body that cannot be spliced safely is decoded instead.

import type { Scan } from '@entrepot/dialects/dialect';
import type { Intent } from '@entrepot/engine/intent';
import { factsOf } from '../facts.ts';
import type { Principal } from '../keys.ts';
import type { Keep } from '../responses/keep.ts';
import type { Arrival } from './accept.ts';

export interface Understood {
  readonly intent: Intent;
  readonly body: Buffer;
  /** null where pass-through is not safe. */
  readonly scan: Scan | null;
  /** The caller will see usage in its stream. */
  readonly includeUsage: boolean;
  /**
   * The request in the canonical form of its operation, decoded when it is first asked for. It may
   * depend on the deployment that it is for: what one made of an earlier answer, another may not be
   * able to read.
   */
  canonical(deployment: string | null): unknown;
  /** The upstream is to be told to keep nothing, and the request does not say so itself. */
  readonly isUnkept: boolean;
  /** How the answer is marked and kept; null for one that is not the gateway's to keep. */
  readonly keep: Keep | null;
}

/** Throws DialectError for a body that is not what its dialect says. */
export function understand(arrival: Arrival, principal: Principal, body: Buffer): Understood {
  const { dialect, path } = arrival;
  const scan = dialect.scan(body, path);
  let decoded: unknown = null;
  const canonical = (): unknown => {
    decoded ??= dialect.decodeRequest(body, path);
    return decoded;
  };
  const facts = scan ?? factsOf(dialect, canonical(), body.length);
  const intent: Intent = {
    route: facts.model,
    dialect: dialect.name,
    operation: dialect.operation,
    stream: facts.stream,
    features: facts.features,
    inputTokens: facts.inputTokens,
    maxOutputTokens: facts.maxOutputTokens,
    ...(scan?.prompts === undefined ? {} : { prompts: scan.prompts }),
    key: principal.key,
  };
  const { includeUsage } = facts;
  return { intent, body, scan, includeUsage, canonical, isUnkept: false, keep: null };
}

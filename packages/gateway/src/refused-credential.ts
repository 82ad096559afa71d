// A credential that is refused before its end: revoked, or ended by another clock. It is renewed,
// and the call sent once more, before anything counts as a failure of the deployment.

import type { Call } from './clouds/cloud.ts';
import type { Fault } from './failures.ts';

/** Words of AWS for a session that has ended, or is no more. Others say 401. */
const ended = /expired|UnrecognizedClient|InvalidClientToken/i;

/**
 * Whether the credential of a refused call was let go of, so that the call is worth sending again.
 * What it has no right to is no reason. `nowMs` is Unix time.
 */
export function isRenewed(call: Call | Fault, refusal: Fault, nowMs: number): boolean {
  const { failure, error, status } = refusal;
  if ('failure' in call || call.renew === undefined || failure.kind !== 'auth') return false;
  const isOver = status === 401 || ended.test(`${error.code ?? ''} ${error.message}`);
  return isOver && call.renew(nowMs);
}

// What becomes of one request on its way to another dialect, found out by writing it and reading it
// again: the measure of the capability table, and what `entrepot explain` shows.

import type { CanonicalRequest } from '../canonical.ts';
import { type Dialect, DialectError, type Loss, type TargetModel } from '../dialect.ts';

/** What a target got: its body, its losses and the request as the target reads it. */
export interface Written {
  readonly body: Uint8Array;
  readonly losses: readonly Loss[];
  readonly again: CanonicalRequest;
}

/** Why there is nothing to send: `field` is a path of the canonical request. */
export interface Unwritable {
  readonly field: string | undefined;
  readonly reason: string;
}

/** Writes the request for the target and reads it as the target would. */
export function writeFor(
  request: CanonicalRequest,
  target: Dialect,
  model: TargetModel,
): Written | Unwritable {
  try {
    const { body, losses } = target.encodeRequest(request, model);
    const path = { model: model.name, stream: request.stream };
    return { body, losses, again: target.decodeRequest(body, path) };
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
    return { field: cause.error.field, reason: cause.error.message };
  }
}

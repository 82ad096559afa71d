// A request, written for a target and read as the target reads it.

import assert from 'node:assert/strict';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Target } from '@entrepot/dialects/capabilities/targets';
import { DialectError, type Loss } from '@entrepot/dialects/dialect';
import { dialects } from '../capabilities/dialects.ts';

export interface Again {
  readonly body: Uint8Array;
  readonly losses: readonly Loss[];
  readonly read: CanonicalRequest;
}

/** null where there is nothing to send: the refusal names the field that is in the way. */
export function again(request: CanonicalRequest, { dialect, model }: Target): Again | null {
  const { encodeRequest, decodeRequest } = dialects[dialect];
  const path = { model: model.name, stream: request.stream };
  try {
    const { body, losses } = encodeRequest(request, model);
    return { body, losses, read: decodeRequest(body, path) };
  } catch (cause) {
    if (!(cause instanceof DialectError) || cause.error.class !== 'unsupported') throw cause;
    checkRefusal(request, cause.error.field);
    return null;
  }
}

/** A name that is not taken, or a conversation of which nothing is left. */
function checkRefusal({ messages, tools = [] }: CanonicalRequest, field = ''): void {
  if (field === 'messages') return;
  const named = /^(?:tools\[(\d+)\]|messages\[(\d+)\]\.content\[(\d+)\])\.name$/.exec(field);
  assert.ok(named !== null, `${field} is a reason to refuse`);
  const [, tool, message, block] = named.map(Number);
  const owner = tools[tool!] ?? messages[message!]!.content[block!]!;
  assert.ok('name' in owner, `${field} is a name`);
  assert.doesNotMatch(String(owner.name), /^[a-zA-Z0-9_-]{1,64}$/, 'it is refused for a reason');
}

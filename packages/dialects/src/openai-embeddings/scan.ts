// A look at the bytes of a caller's request: the model, and how much is to be embedded.

import type { Scan } from '../dialect.ts';
import { modelOf } from '../json-member.ts';
import { type JsonMember, scanJson } from '../json-scan.ts';
import { estimateTokens } from '../token-estimate.ts';

const comma = 0x2c;

/** Throws DialectError (invalid_request). null where a top-level key is ambiguous. */
export function scan(body: Uint8Array): Scan | null {
  const found = scanJson(body);
  if (found.ambiguous) return null;
  const input = found.members.get('input');
  return {
    ...modelOf(body, found),
    stream: false,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: 0,
    features: [],
    inputTokens: input === undefined ? 0 : inputTokensOf(body, input),
  };
}

/** Without text it is ids of tokens, a comma between each two. */
function inputTokensOf(body: Uint8Array, input: JsonMember): number {
  if (input.textBytes > 0 || input.kind !== 'array') return estimateTokens(input.textBytes, 0);
  let tokens = 1;
  for (let at = input.start; at < input.end; at++) if (body[at] === comma) tokens++;
  return tokens;
}

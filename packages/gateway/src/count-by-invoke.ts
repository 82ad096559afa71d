// CountTokens of Bedrock for the body of an InvokeModel call. Bedrock counts it as it is; Claude's,
// which says all that Messages says, is counted by others too.

import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import type { CountDialect, PathFields } from '@entrepot/dialects/dialect';
import { isObject, parseJsonObject } from '@entrepot/dialects/json';
import { scanJson } from '@entrepot/dialects/json-scan';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import type { Opened } from './endpoints.ts';

/** Throws DialectError (invalid_request) for what is no JSON object. */
export function openBedrockCount(body: Buffer, path: PathFields): Opened {
  const claude = claudeIn(body);
  const dialect = claude === null ? bedrockCountTokens : countOf(claude, path);
  return { dialect, path, framing: null, body, betas: null };
}

/** Bedrock's words without, Claude's within. */
function countOf(claude: Buffer, { model }: PathFields): CountDialect {
  const put = { model: JSON.stringify(model) };
  return {
    ...bedrockCountTokens,
    decodeRequest: () =>
      anthropicCountTokens.decodeRequest(spliceMembers(claude, ['anthropic_version'], put)),
    vital: anthropicCountTokens.vital,
    fieldName: anthropicCountTokens.fieldName,
  };
}

/** Claude's body where there is one. */
function claudeIn(body: Buffer): Buffer | null {
  const { input } = parseJsonObject(body, 'invalid_request');
  const native = isObject(input) ? input.invokeModel : undefined;
  if (!isObject(native) || typeof native.body !== 'string') return null;
  const inner = Buffer.from(native.body, 'base64');
  return scanJson(inner).members.has('anthropic_version') ? inner : null;
}

// A look at the bytes of a body of a model's own form: what routing and price need of it.

import type { Feature, PathFields, Scan } from '../dialect.ts';
import { badField } from '../json.ts';
import { hasElements, integerOf, jsonOf } from '../json-member.ts';
import { type JsonScan, scanJson } from '../json-scan.ts';
import { JsonWatch } from '../json-watch.ts';
import { pathOf } from '../path-fields.ts';
import { estimateTokens } from '../token-estimate.ts';

const watch = new JsonWatch({ binary: ['images', 'url', 'data', 'bytes'] });

/** Where vendors have their limit of tokens at the top. */
const limits = ['max_tokens', 'max_gen_len', 'max_completion_tokens', 'maxTokens'] as const;

/**
 * Throws DialectError (invalid_request), also for a top-level key that is ambiguous: there is no
 * form into which such a body could be decoded.
 */
export function scan(body: Uint8Array, path?: PathFields): Scan {
  const { model, stream } = pathOf(path);
  const found = scanJson(body, watch);
  if (found.ambiguous) throw badField('body', 'a key stands twice or is written with escapes');
  let textBytes = 0;
  for (const member of found.members.values()) textBytes += member.textBytes;
  return {
    model,
    modelRange: null,
    stream,
    includeUsage: true,
    streamOptionsRange: null,
    maxOutputTokens: limitOf(body, found),
    features: featuresOf(body, found, stream),
    inputTokens: estimateTokens(textBytes, found.binaryStrings),
    fields: found.members,
  };
}

/** The largest that is said: a reservation must cover it. null where none is. */
function limitOf(body: Uint8Array, found: JsonScan): number | null {
  const said = limits.map(name => integerOf(body, found, name)).filter(limit => limit !== null);
  const titan = found.members.get('textGenerationConfig');
  if (titan?.kind === 'object') {
    const { maxTokenCount } = jsonOf(body, titan) as { readonly maxTokenCount?: unknown };
    if (Number.isSafeInteger(maxTokenCount)) said.push(maxTokenCount as number);
  }
  return said.length === 0 ? null : Math.max(...said);
}

function featuresOf(body: Uint8Array, { members }: JsonScan, stream: boolean): Feature[] {
  const features: Feature[] = [];
  if (stream) features.push('streaming');
  if (hasElements(body, members.get('tools'))) features.push('tools');
  if (hasElements(body, members.get('images'))) features.push('vision');
  return features;
}

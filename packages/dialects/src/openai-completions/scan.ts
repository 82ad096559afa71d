// A look at the bytes of a request for a legacy completion: what routing and price need of it.

import type { Feature, Scan } from '../dialect.ts';
import { badField } from '../json.ts';
import { booleanOf, integerOf, jsonOf, modelOf } from '../json-member.ts';
import { type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { estimateTokens } from '../token-estimate.ts';
import { usageWishOf } from '../usage-wish.ts';

/** What is written where the caller gives no limit (api-reference, seen 2026-11-24). */
const defaultMaxTokens = 16;

/**
 * Throws DialectError (invalid_request), also for a top-level key that is ambiguous: there is no
 * form into which such a body could be decoded.
 */
export function scan(body: Uint8Array): Scan {
  const found = scanJson(body);
  if (found.ambiguous) throw badField('body', 'a key stands twice or is written with escapes');
  const { members } = found;
  const stream = booleanOf(body, found, 'stream');
  const wish = usageWishOf(body, members.get('stream_options'));
  if (wish === null) throw badField('stream_options', 'expected include_usage to be true or false');
  const prompt = promptOf(body, members.get('prompt'));
  const answers = Math.max(
    integerOf(body, found, 'n') ?? 1,
    integerOf(body, found, 'best_of') ?? 1,
  );
  const limit = integerOf(body, found, 'max_tokens') ?? defaultMaxTokens;
  return {
    ...modelOf(body, found),
    stream,
    includeUsage: stream && wish.includeUsage,
    streamOptionsRange: wish.range,
    maxOutputTokens: Math.max(limit * answers * prompt.count, 1),
    features: featuresOf(body, found, stream),
    inputTokens: prompt.tokens,
    prompts: prompt.count,
  };
}

/** A candidate more is not told apart: each host of this dialect has `n`. */
function featuresOf(body: Uint8Array, { members }: JsonScan, stream: boolean): Feature[] {
  const features: Feature[] = [];
  if (stream) features.push('streaming');
  const logprobs = members.get('logprobs');
  if (logprobs?.kind === 'number' && Number(jsonOf(body, logprobs)) > 0) features.push('logprobs');
  return features;
}

/** A text, several of them, tokens, or several lists of tokens. */
function promptOf(
  body: Uint8Array,
  member: JsonMember | undefined,
): { readonly tokens: number; readonly count: number } {
  if (member?.kind !== 'array') {
    return { tokens: estimateTokens(member?.textBytes ?? 0, 0), count: 1 };
  }
  const list = jsonOf(body, member) as readonly unknown[];
  const lists = list.filter(Array.isArray);
  const tokens =
    lists.reduce((sum, inner) => sum + inner.length, 0) +
    list.filter(part => typeof part === 'number').length +
    estimateTokens(member.textBytes, 0);
  const isOne = list.length === 0 || list.every(part => typeof part === 'number');
  return { tokens, count: isOne ? 1 : list.length };
}

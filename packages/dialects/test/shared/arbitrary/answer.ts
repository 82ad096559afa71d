// Whole answers of the canonical form, whose stop is one that their blocks can have.

import type { Block, CanonicalResponse, Stop, Usage } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { redactedBlock, thinkingBlock } from './block.ts';
import { jsonObject } from './schema.ts';
import { anyText } from './text.ts';

const count = fc.nat(1_000_000);

export const usage: fc.Arbitrary<Usage> = fc
  .record({
    fresh: count,
    cachedReadTokens: count,
    cacheWrite5mTokens: fc.oneof(fc.constant(0), count),
    cacheWrite1hTokens: fc.oneof(fc.constant(0), count),
    said: count,
    reasoningTokens: fc.oneof(fc.constant(null), count),
    webSearches: fc.nat(3),
    serviceTier: fc.constantFrom(null, 'priority'),
  })
  .map(({ fresh, said, ...rest }) => ({
    ...rest,
    inputTokens: fresh + rest.cachedReadTokens + rest.cacheWrite5mTokens + rest.cacheWrite1hTokens,
    outputTokens: said + (rest.reasoningTokens ?? 0),
    audioInputTokens: 0,
    audioOutputTokens: 0,
    source: 'provider',
  }));

const text: fc.Arbitrary<Block> = anyText.map(said => ({
  type: 'text',
  text: said.toWellFormed(),
}));
const refusal: fc.Arbitrary<Block> = anyText.map(said => ({
  type: 'refusal',
  text: `No. ${said.toWellFormed()}`,
}));
const thinking = fc.oneof(thinkingBlock, redactedBlock).map((block): Block => {
  return block.type === 'thinking' ? { ...block, text: block.text.toWellFormed() } : block;
});
const call = fc
  .record({
    id: fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/),
    name: fc.stringMatching(/^[a-z_]{1,9}$/),
    argumentsJson: fc.oneof(
      jsonObject.map(value => JSON.stringify(value)),
      fc.constantFrom('', '{}', '{"a":'),
    ),
  })
  .map((fields): Block => ({ type: 'tool_call', ...fields }));

/** Who signs thinking signs all of it. */
function signedAlike(content: readonly Block[]): Block[] {
  const isSigned = content.some(block => block.type === 'thinking' && block.signature);
  return content.filter(
    block => block.type !== 'thinking' || (block.signature !== undefined) === isSigned,
  );
}

/** Calls come last, each with an id of its own. */
export const answerContent: fc.Arbitrary<readonly Block[]> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 2, arbitrary: text }, thinking), { maxLength: 4 }),
    fc.option(refusal, { nil: null, freq: 5 }),
    fc.uniqueArray(call, { maxLength: 3, selector: block => (block as { id: string }).id }),
  )
  .map(([said, no, calls]) => [...signedAlike(said), ...(no === null ? calls : [no])]);

const stops: readonly Stop['reason'][] = [
  'end',
  'stop_sequence',
  'length',
  'context_full',
  'content_filter',
  'pause',
];

function stopOf(content: readonly Block[], reason: Stop['reason']): Stop {
  if (content.some(({ type }) => type === 'tool_call')) return { reason: 'tool_call', raw: '' };
  if (content.some(({ type }) => type === 'refusal')) return { reason: 'refusal', raw: '' };
  return reason === 'stop_sequence' ? { reason, raw: '', sequence: 'END' } : { reason, raw: '' };
}

/** With one answer, or with another beside it. */
export const answer: fc.Arbitrary<CanonicalResponse> = fc
  .tuple(
    fc.array(fc.tuple(answerContent, fc.constantFrom(...stops)), { minLength: 1, maxLength: 2 }),
    fc.option(usage, { nil: null, freq: 5 }),
    fc.stringMatching(/^[a-z0-9]{1,8}$/),
  )
  .map(([candidates, used, id]) => ({
    id,
    model: 'model-of-answer',
    createdSeconds: 1_700_000_000,
    candidates: candidates.map(([content, reason], index) => {
      return { index, content, stop: stopOf(content, reason) };
    }),
    usage: used,
  }));

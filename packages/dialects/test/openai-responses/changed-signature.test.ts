// Proves that a signature which a caller sends back changed, or made up, does no harm: it is text
// of theirs, and what is inside is read with the same care as a body.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRequest, ThinkingBlock } from '@entrepot/dialects/canonical';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { plainTarget } from '../shared/answer-context.ts';

const openaiTarget = { ...plainTarget, vendor: 'openai' };

function reasoningOf(signature: string): unknown {
  const thinking: ThinkingBlock = { type: 'thinking', text: 'Hm.', signature, issuer: 'openai' };
  const request: CanonicalRequest = {
    model: 'm',
    messages: [
      { role: 'assistant', content: [thinking] },
      { role: 'user', content: [{ type: 'text', text: 'And?' }] },
    ],
    stream: false,
    includeUsage: true,
  };
  const { body } = openaiResponses.encodeRequest(request, openaiTarget);
  const { input } = JSON.parse(Buffer.from(body).toString()) as { input: { type: string }[] };
  return input.find(({ type }) => type === 'reasoning');
}

test('one that nests deep is not taken for ours', () => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  assert.equal(reasoningOf(`{"id":"rs_1","more":${deep}}`), undefined);
});

test('a cut of the text that is none leaves one summary', () => {
  const summary = [{ type: 'summary_text', text: 'Hm.' }];
  for (const layout of ['[1]', '[["summary",-1]]', '[["content"]]', '[null]', '{"a":1}']) {
    const item = reasoningOf(`{"id":"rs_1","layout":${layout}}`);
    assert.deepEqual(item, { type: 'reasoning', id: 'rs_1', summary }, layout);
  }
});

// Proves that what is counted is what would be sent: the prompt that a counter reads is, block by
// block and tool by tool, the one that the same model would be asked with.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anthropicCountTokens } from '@entrepot/dialects/anthropic-messages/count';
import { bedrockCountTokens } from '@entrepot/dialects/bedrock-converse/count';
import { type SpokenDialect, targets } from '@entrepot/dialects/capabilities/targets';
import type { CountDialect } from '@entrepot/dialects/dialect';
import { geminiCountTokens, vertexCountTokens } from '@entrepot/dialects/gemini/count';
import { openaiInputTokens } from '@entrepot/dialects/openai-responses/count';
import fc from 'fast-check';
import { canonicalRequest } from '../shared/arbitrary/request.ts';
import { again } from './again.ts';
import { runs } from './runs.ts';

const counters: readonly (readonly [CountDialect, SpokenDialect])[] = [
  [anthropicCountTokens, 'anthropic-messages'],
  [bedrockCountTokens, 'bedrock-converse'],
  [geminiCountTokens, 'gemini'],
  [vertexCountTokens, 'gemini'],
  [openaiInputTokens, 'openai-responses'],
];

for (const [counter, dialect] of counters) {
  const target = targets.find(({ id }) => id === dialect)!;
  test(counter.name, () => {
    const property = fc.property(canonicalRequest, asked => {
      const sent = again(asked, target)?.read;
      if (sent === undefined) return;
      const { body } = counter.encodeRequest(asked, target.model);
      const path = { model: target.model.name, stream: false };
      const { messages, tools } = counter.decodeRequest(body, path);
      assert.deepEqual({ messages, tools }, { messages: sent.messages, tools: sent.tools });
    });
    fc.assert(property, runs(300));
  });
}

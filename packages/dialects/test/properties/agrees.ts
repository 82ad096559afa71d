// Whether a target reads of a request what it asks for, less what was declared to be lost.

import assert from 'node:assert/strict';
import type { CanonicalRequest, Reasoning } from '@entrepot/dialects/canonical';
import type { Target } from '@entrepot/dialects/capabilities/targets';
import type { Loss } from '@entrepot/dialects/dialect';
import { type Meaning, meaningOf } from './meaning.ts';
import { reading } from './reading.ts';
import { withoutLosses } from './without-losses.ts';

/** Throws AssertionError with the first thing that is lost and not declared, or the reverse. */
export function checkAgrees(
  asked: CanonicalRequest,
  losses: readonly Loss[],
  read: CanonicalRequest,
  target: Target,
): void {
  const { request, free } = withoutLosses(asked, losses);
  const expected = settled(reading(request, target), free, target);
  const actual = settled(meaningOf(read), free, target);
  assert.deepEqual(actual, expected, 'the same, but for what is declared to be lost');
  if (!free.has('reasoning')) checkReasoning(request.reasoning, read.reasoning, target);
}

function settled(meaning: Meaning, free: ReadonlySet<string>, { dialect }: Target): unknown {
  const { reasoning: _, tools, said, ...fields } = meaning;
  const kept = Object.entries(fields).filter(([key]) => !free.has(key));
  const settledTools = tools
    // Stands where there must be a tool.
    .filter(tool => (tool as { name: string }).name !== 'no_tool')
    .map(tool => (dialect === 'gemini' ? without(tool, 'strict') : tool));
  const lines = said.map(line => without(dialect === 'gemini' ? ofGemini(line) : line, 'turn'));
  const whole = { ...Object.fromEntries(kept), tools: settledTools, said: lines };
  const plain = JSON.stringify(whole, (key, value: unknown) => {
    // Elsewhere nothing is missing without.
    if (key === 'item' && dialect !== 'openai-responses') return undefined;
    return free.has('cache') && isMarked(value) ? without(value, 'cache') : value;
  });
  return JSON.parse(plain);
}

function isMarked(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'cache' in value;
}

function without(value: unknown, key: string): Record<string, unknown> {
  const { [key]: _, ...rest } = value as Record<string, unknown>;
  return rest;
}

/** What a picture is there is told by its type, and an unsigned call has a word for that. */
function ofGemini(line: unknown): unknown {
  return JSON.parse(JSON.stringify(line), (_key, value) => {
    if (value?.signature === 'skip_thought_signature_validator') {
      return without(without(value, 'signature'), 'issuer');
    }
    return /^(image|document|audio)$/.test(value?.type) ? { ...value, type: 'media' } : value;
  });
}

/** Words of effort that a target has no better one for. */
const nearest: Readonly<Record<string, string>> = { minimal: 'low', xhigh: 'high', max: 'high' };

function checkReasoning(
  asked: Reasoning | undefined,
  read: Reasoning | undefined,
  { model }: Target,
): void {
  if (asked === undefined || asked.mode === 'disabled') {
    assert.ok(read === undefined || read.mode === 'disabled', 'no reasoning that nobody asked for');
    if (asked?.mode === 'disabled' && model.reasoning) assert.equal(read?.mode, 'disabled');
    return;
  }
  const { effort, budgetTokens, display } = asked;
  const isLeft = effort === undefined && budgetTokens === undefined && display !== 'summarized';
  if (read === undefined) {
    assert.ok(isLeft, 'reasoning is asked for');
    return;
  }
  assert.notEqual(read.mode, 'disabled');
  if (effort !== undefined && read.effort !== undefined && read.effort !== effort) {
    assert.equal(read.effort, nearest[effort], 'the effort');
  }
  if (budgetTokens !== undefined) assert.equal(read.budgetTokens, budgetTokens, 'the budget');
  if (display === 'summarized') assert.equal(read.display, 'summarized', 'reasoning is shown');
}

// Proves how a whole answer is written for a caller, that it means the same when read again, and
// that what cannot be said is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, Candidate, CanonicalResponse } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { answerContext } from '../shared/answer-context.ts';

interface WrittenCandidate {
  readonly content: { readonly parts: Record<string, unknown>[]; readonly role: string };
  readonly finishReason: string;
  readonly [key: string]: unknown;
}

const blocks = (...content: readonly Block[]): Candidate => ({
  index: 0,
  content,
  stop: { reason: 'end', raw: '' },
});

function encode(candidate: Candidate, response: Partial<CanonicalResponse> = {}) {
  const whole = { id: 'r1', model: 'm', candidates: [candidate], usage: null, ...response };
  const { body, losses } = gemini.encodeResponse(whole, answerContext);
  const written = JSON.parse(String(body)) as { candidates: WrittenCandidate[] };
  const again = gemini.decodeResponse(body, {}, answerContext);
  return { written, again, first: written.candidates[0]!, lost: losses.map(loss => loss.field) };
}

test("another vendor's thinking comes back with its issuer, and to Google it is sealed base64", () => {
  const content: Block[] = [
    { type: 'thinking', text: 'a', signature: 'ErUB+/=', issuer: 'anthropic' },
    { type: 'redacted_thinking', data: 'd+/=', issuer: 'anthropic' },
    { type: 'thinking', text: 'b', signature: 'own', issuer: 'google' },
    { type: 'thinking', text: 'c' },
    { type: 'text', text: 'd', signature: 'unknown issuer' },
  ];
  const { again, first, lost } = encode(blocks(...content));
  assert.deepEqual(again.candidates[0]!.content, content);
  assert.deepEqual(lost, []);
  for (const part of first.content.parts) {
    const { thoughtSignature } = part;
    if (thoughtSignature === undefined || thoughtSignature === 'own') continue;
    const bytes = Buffer.from(String(thoughtSignature), 'base64');
    assert.equal(bytes.toString('base64'), thoughtSignature, 'the field is bytes in base64');
  }
  assert.equal(first.content.parts[2]!.thoughtSignature, 'own');
  // Python's SDK writes base64 for URLs; it is the same signature.
  const sealed = String(first.content.parts[0]!.thoughtSignature);
  const url = sealed.replaceAll('+', '-').replaceAll('/', '_');
  const sent = {
    contents: [{ role: 'model', parts: [{ text: 'a', thought: true, thoughtSignature: url }] }],
  };
  const path = { model: 'm', stream: false };
  const request = gemini.decodeRequest(Buffer.from(JSON.stringify(sent)), path);
  assert.deepEqual(request.messages[0]!.content, content.slice(0, 1));
});

test('calls, refusals, an empty answer, and its head', () => {
  const call: Block = { type: 'tool_call', id: 'x', name: 'f', argumentsJson: '' };
  const said = encode(blocks({ type: 'refusal', text: 'no' }, call), { createdSeconds: 5 });
  assert.deepEqual(said.first.content, {
    parts: [{ text: 'no' }, { functionCall: { id: 'x', name: 'f', args: {} } }],
    role: 'model',
  });
  assert.equal(said.again.createdSeconds, 5);
  assert.equal(said.again.candidates[0]!.stop.reason, 'tool_call');
  const empty = encode(blocks(), { id: '', model: '' });
  assert.deepEqual(empty.first.content.parts, [{ text: '' }]);
  assert.deepEqual([empty.again.id, empty.again.model], ['req_1', 'model-of-context']);
  assert.deepEqual(empty.again.candidates[0]!.content, []);
});

test('half a call is left out and told as malformed', () => {
  const half: Block = { type: 'tool_call', id: 'x', name: 'f', argumentsJson: '{"a' };
  const { first, lost } = encode({
    ...blocks({ type: 'text', text: 'a' }, half),
    stop: { reason: 'tool_call', raw: 'tool_use' },
  });
  assert.deepEqual(first.content.parts, [{ text: 'a' }]);
  assert.equal(first.finishReason, 'MALFORMED_FUNCTION_CALL');
  assert.deepEqual(lost, ['candidates[0].content[1]']);
});

test('sources and probabilities of its own are written, those of others are reported', () => {
  const native = (dialect: string, value: object): { dialect: string; value: object } => ({
    dialect,
    value,
  });
  const grounding = { groundingMetadata: { groundingChunks: [{ web: {} }] } };
  const logprobs = native('gemini', { logprobsResult: { chosenCandidates: [{}] } });
  const citations = native('gemini', grounding);
  const own: Candidate = { ...blocks({ type: 'text', text: 'a', citations }), logprobs };
  const { first, again, lost } = encode(own);
  assert.deepEqual(first.groundingMetadata, grounding.groundingMetadata);
  assert.deepEqual(again.candidates[0]!.content, own.content);
  assert.deepEqual(again.candidates[0]!.logprobs, logprobs);
  assert.deepEqual(lost, []);
  const foreign = native('openai-chat', {});
  const other = encode({
    ...blocks({ type: 'text', text: 'a', citations: foreign }, { type: 'native', native: foreign }),
    logprobs: foreign,
  });
  assert.deepEqual(other.lost, [
    'candidates[0].content[0].citations',
    'candidates[0].content[1]',
    'candidates[0].logprobs',
  ]);
});

// Proves that a request that is read, written and read again is the same request: those recorded of
// real clients, and random ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { recordings, recordingsMissing } from '../shared/recordings.ts';

/** The path of a request says what its body does not. */
function again(request: CanonicalRequest): CanonicalRequest {
  const target: TargetModel = { ...plainTarget, name: request.model, vendor: 'google' };
  const { body, losses } = gemini.encodeRequest(request, target);
  assert.deepEqual(losses, []);
  return gemini.decodeRequest(body, { model: request.model, stream: request.stream });
}

/** What is written for callers who leave it out is left out again. */
function withoutSentinel(request: CanonicalRequest): CanonicalRequest {
  return JSON.parse(JSON.stringify(request), (_key, value: Record<string, unknown>) => {
    if (value?.signature !== 'skip_thought_signature_validator') return value;
    const { signature: _, issuer: __, ...rest } = value;
    return rest;
  }) as CanonicalRequest;
}

test('recorded requests are read, written and read again without loss', {
  skip: recordingsMissing,
}, () => {
  let read = 0;
  for (const endpoint of ['generateContent', 'streamGenerateContent']) {
    for (const { file, requestBody, streaming } of recordings(endpoint)) {
      if (requestBody.includes('invalid_role')) continue;
      const bytes = Buffer.from(requestBody);
      // Generation 3 alone takes ids and pictures in answers, and earlier ones alone no thinking.
      const isOff = /"thinking_?[bB]udget": 0/.test(requestBody);
      const path = { model: isOff ? 'gemini-2.5-flash' : 'gemini-3-flash', stream: streaming };
      const request = gemini.decodeRequest(bytes, path);
      assert.deepEqual(withoutSentinel(again(request)), request, file);
      const scan = gemini.scan(bytes, path)!;
      assert.equal(scan.model, path.model);
      assert.equal(scan.stream, streaming);
      assert.equal(scan.maxOutputTokens, request.maxOutputTokens ?? null);
      assert.equal(scan.features.includes('tools'), (request.tools?.length ?? 0) > 0);
      assert.equal(scan.features.includes('json-schema'), request.responseFormat !== undefined);
      read++;
    }
  }
  assert.ok(read > 30);
});

test('random requests', () => {
  fc.assert(
    fc.property(requests, fc.boolean(), (given, stream) => {
      const { toolConfig, ...body } = given;
      // A choice means something only among functions.
      if (given.tools !== undefined) Object.assign(body, { toolConfig });
      const bytes = Buffer.from(JSON.stringify(body));
      const request = gemini.decodeRequest(bytes, { model: 'gemini-3-flash', stream });
      assert.deepEqual(withoutSentinel(again(request)), request);
    }),
    { numRuns: 500 },
  );
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const userPart = fc.oneof(
  fc.record({ text: fc.string() }),
  fc.constant({ inlineData: { mimeType: 'image/png', data: 'AAAA' } }),
  fc.constant({ inline_data: { mime_type: 'audio/wav', data: 'AAAA' } }),
  fc.constant({ fileData: { mimeType: 'application/pdf', fileUri: 'gs://b/a' } }),
  fc.constant({ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }),
);
const signature = fc.constantFrom('', 'c2ln', 'QUJD');
const modelPart = fc.oneof(
  fc.record({ text: fc.string(), thought: fc.boolean(), thoughtSignature: signature }),
  fc.record({ text }),
  fc.constant({ executableCode: { language: 'PYTHON', code: '1' } }),
);
const args = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 });

/** A turn in which the model calls functions, and the answers in an order of their own. */
const calls = fc
  .array(
    fc.record(
      { name: fc.constantFrom('f', 'g'), args, sig: signature, response: args },
      { requiredKeys: ['name', 'sig', 'response'] },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map(list => [
    {
      role: 'model',
      parts: list.map(({ name, args: given, sig }) => ({
        functionCall: { name, args: given ?? {} },
        thoughtSignature: sig,
      })),
    },
    {
      role: 'user',
      parts: list.map(({ name, response }) => ({ functionResponse: { name, response } })),
    },
  ]);
/** A user who says nothing ends no turn of the model. */
const turns = fc.tuple(fc.array(userPart, { maxLength: 3 }), fc.array(modelPart)).map(([u, m]) => [
  { role: 'user', parts: [...u, { text: 'q' }] },
  { role: 'model', parts: [...m, { text: 'a' }] },
]);
const contents = fc
  .array(fc.oneof(turns, calls), { minLength: 1, maxLength: 4 })
  .map(list => list.flat());

const requests = fc.record(
  {
    contents,
    systemInstruction: fc.record({ parts: fc.array(fc.record({ text }), { maxLength: 2 }) }),
    generationConfig: fc.record(
      {
        maxOutputTokens: fc.integer({ min: 1, max: 9999 }),
        temperature: fc.integer({ min: 0, max: 2 }),
        stopSequences: fc.array(text, { maxLength: 3 }),
        seed: fc.integer(),
        candidateCount: fc.integer({ min: 1, max: 4 }),
        thinkingConfig: fc.constantFrom(
          { thinkingLevel: 'LOW' },
          { thinkingLevel: 'HIGH', includeThoughts: true },
          { includeThoughts: true },
        ),
        responseMimeType: fc.constantFrom('application/json', 'text/plain', 'text/x.enum'),
        responseModalities: fc.constant(['TEXT', 'IMAGE']),
      },
      { requiredKeys: [] },
    ),
    tools: fc.array(
      fc.oneof(
        fc.record({
          functionDeclarations: fc.array(
            fc.record(
              {
                name: text,
                description: fc.string(),
                parameters: fc.constant({
                  type: 'OBJECT',
                  properties: { a_b: { type: 'STRING' } },
                }),
              },
              { requiredKeys: ['name'] },
            ),
            { minLength: 1, maxLength: 2 },
          ),
        }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    toolConfig: fc.constantFrom(
      { functionCallingConfig: { mode: 'ANY' } },
      { functionCallingConfig: { mode: 'VALIDATED', allowedFunctionNames: ['f'] } },
      { functionCallingConfig: { mode: 'NONE' }, retrievalConfig: {} },
    ),
    safetySettings: fc.constant([{ category: 'c', threshold: 't' }]),
    serviceTier: fc.constantFrom('flex', 'priority', 'standard'),
  },
  { requiredKeys: ['contents'] },
);

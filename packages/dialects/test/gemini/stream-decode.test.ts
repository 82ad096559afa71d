// Proves how chunks become events where recordings alone do not show it: calls that come value by
// value, signatures, several candidates, refused prompts, errors and streams that break off.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import fc from 'fast-check';
import { answerContext } from '../shared/answer-context.ts';
import { byteByByte } from '../shared/cuts.ts';
import { checkEvents, type GatheredBlock, gather } from '../shared/event-grammar.ts';
import { recordingsMissing } from '../shared/recordings.ts';
import { thrown } from '../shared/thrown.ts';
import { decodeStream, geminiStreams, streamOf } from './gemini-streams.ts';

const chunk = (parts: readonly object[], more: object = {}): object => ({
  candidates: [{ content: { parts, role: 'model' }, ...more }],
  responseId: 'r1',
  modelVersion: 'gemini-x',
});
const stop = { finishReason: 'STOP' };

/** The blocks of a stream of these chunks, which must be whole. */
function blocksOf(...chunks: readonly object[]): readonly GatheredBlock[] {
  const events = decodeStream([streamOf(...chunks)]);
  checkEvents(events, { interleaved: false });
  const { candidates, last } = gather(events);
  assert.equal(last, 'end');
  return candidates.get(0) ?? [];
}

const called = (call: object, more: object = {}): object => ({ functionCall: call, ...more });

describe('blocks', () => {
  test('texts and thoughts are joined, a signature ends its block', () => {
    const blocks = blocksOf(
      chunk([{ text: 'h', thought: true }]),
      chunk([{ text: 'm', thought: true }, { text: 'a' }]),
      chunk([{ text: 'b', thoughtSignature: 's1' }, { text: 'c' }]),
      chunk([{ text: '', thoughtSignature: 's2' }]),
      chunk([called({ name: 'f' }, { thoughtSignature: 's3' }), called({ name: 'f', args: {} })]),
      chunk([{ text: '', thoughtSignature: 's4' }, { text: '' }], stop),
    );
    assert.deepEqual(blocks, [
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'ab', signature: 's1' },
      { type: 'text', text: 'c', signature: 's2' },
      { type: 'tool_call', id: 'call_r1_0_3', name: 'f', text: '', signature: 's3' },
      { type: 'tool_call', id: 'call_r1_0_4', name: 'f', text: '{}' },
      { type: 'text', text: '', signature: 's4' },
    ]);
  });

  test('an id that the upstream gives is kept', () => {
    const blocks = blocksOf(chunk([called({ name: 'f', id: 'x', args: { a: 1 } })], stop));
    assert.deepEqual(blocks, [{ type: 'tool_call', id: 'x', name: 'f', text: '{"a":1}' }]);
  });

  test('a character in two halves, each in its own chunk, is whole', () => {
    const [high, low] = ['\ud83d', '\ude00'];
    const events = decodeStream([
      streamOf(chunk([{ text: `a${high}` }]), chunk([{ text: low }], stop)),
    ]);
    const deltas = events.flatMap(event => (event.type === 'block_delta' ? [event.text] : []));
    assert.deepEqual(deltas, ['a', '😀']);
  });

  test('what no other dialect has is native: parts, sources, probabilities', () => {
    const part = { executableCode: { code: '1' }, thoughtSignature: 's' };
    const sources = { groundingMetadata: { webSearchQueries: ['q'] }, citationMetadata: {} };
    const events = decodeStream([
      streamOf(chunk([part]), chunk([{ text: 'a' }], { ...sources, ...stop })),
    ]);
    checkEvents(events, { interleaved: false });
    const starts = events.flatMap(event => (event.type === 'block_start' ? [event.block] : []));
    assert.deepEqual(starts, [
      { type: 'native', native: { dialect: 'gemini', value: part } },
      { type: 'text' },
    ]);
    const value = { index: 0, groundingMetadata: sources.groundingMetadata };
    assert.deepEqual(
      events.find(event => event.type === 'native'),
      { type: 'native', native: { dialect: 'gemini', value } },
    );
  });

  test('several candidates, each with its own stop', () => {
    const candidate = (index: number, text: string, more: object = {}): object => ({
      index,
      content: { parts: [{ text }] },
      ...more,
    });
    const events = decodeStream([
      streamOf(
        { candidates: [candidate(0, 'a'), candidate(1, 'b')] },
        { candidates: [candidate(1, 'B', { finishReason: 'MAX_TOKENS' })] },
        { candidates: [candidate(0, 'A', stop)] },
      ),
    ]);
    checkEvents(events, { interleaved: false });
    const { candidates, stops } = gather(events);
    assert.deepEqual([candidates.get(0)![0]!.text, candidates.get(1)![0]!.text], ['aA', 'bB']);
    assert.deepEqual(
      [...stops],
      [
        [0, 'end'],
        [1, 'length'],
      ],
    );
  });
});

describe('arguments value by value', () => {
  test('recorded ones', { skip: recordingsMissing }, () => {
    const calls = (name: string): unknown[] => {
      const { body } = geminiStreams().find(({ file }) => file.includes(name))!;
      const blocks = gather(decodeStream([body])).candidates.get(0)!;
      return blocks
        .filter(block => block.type === 'tool_call')
        .map(block => (block.text === '' ? null : JSON.parse(block.text)));
    };
    assert.deepEqual(calls('stream-tool-call-arguments'), [
      { location: 'Boston' },
      { location: 'San Francisco' },
    ]);
    const [nested] = calls('arguments-nested') as [
      { recipe: { ingredients: { amount: string; name: string }[]; steps: string[] } },
    ];
    assert.deepEqual(nested.recipe.ingredients[0], { amount: '16 oz', name: 'Lasagna noodles' });
    assert.ok(nested.recipe.ingredients.length > 2);
    const [first, ...others] = calls('stream-no-args');
    assert.equal(first, null);
    assert.deepEqual(others, [{ id: 'A' }, { id: 'B' }, { id: 'C' }]);
    const [items] = calls('missing-terminal') as [{ operations: { itemid: string }[] }];
    assert.equal(items.operations[0]!.itemid, 'apple_001');
  });

  test('random objects, taken apart and put together', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.oneof(
      fc.stringMatching(/^[a-z]{1,4}$/),
      fc.constantFrom('a b', "it's", '__proto__'),
    );
    const { object } = fc.letrec(tie => ({
      object: fc.dictionary(key, fc.oneof(leaf, leaf, tie('list'), tie('object')), {
        minKeys: 1,
        maxKeys: 3,
      }),
      list: fc.array(fc.oneof(leaf, tie('object')), { minLength: 1, maxLength: 3 }),
    }));
    fc.assert(
      fc.property(object, fc.nat(3), (value, cut) => {
        const pieces = piecesOf(value, '$', cut);
        const chunks = pieces.map(piece =>
          chunk([called({ partialArgs: [piece], willContinue: true })]),
        );
        const [block] = blocksOf(
          chunk([called({ name: 'f', willContinue: true })]),
          ...chunks,
          chunk([called({})], stop),
        );
        assert.equal(block!.text, JSON.stringify(value));
      }),
    );
  });

  test('a value that is said twice is the last one, unless the first goes on', () => {
    const piece = (stringValue: string, willContinue: boolean): object => ({
      jsonPath: '$.a',
      stringValue,
      willContinue,
    });
    const value = (...pieces: readonly object[]): string =>
      blocksOf(chunk([called({ name: 'f', partialArgs: pieces })], stop))[0]!.text;
    assert.equal(value(piece('x', false), piece('y', false)), '{"a":"y"}');
    assert.equal(value(piece('x', true), piece('y', false)), '{"a":"xy"}');
  });

  test('a place far behind the last item is the next one; what is no path is passed over', () => {
    const [block] = blocksOf(
      chunk([
        called({
          name: 'f',
          partialArgs: [
            { jsonPath: '$.a[4000000000]', numberValue: 1 },
            { jsonPath: '$.a[*].b', numberValue: 2 },
            { jsonPath: 'a', numberValue: 3 },
            { jsonPath: '$.c' },
          ],
        }),
      ]),
      chunk([], stop),
    );
    assert.equal(block!.text, '{"a":[1]}');
  });
});

/** The leaves of a value, strings cut in two at `cut`. */
function piecesOf(value: unknown, path: string, cut: number): object[] {
  if (typeof value === 'string') {
    if (cut === 0 || value.length < cut) return [{ jsonPath: path, stringValue: value }];
    return [
      { jsonPath: path, stringValue: value.slice(0, cut), willContinue: true },
      { jsonPath: path, stringValue: value.slice(cut) },
    ];
  }
  if (typeof value === 'number') return [{ jsonPath: path, numberValue: value }];
  if (typeof value === 'boolean') return [{ jsonPath: path, boolValue: value }];
  if (value === null) return [{ jsonPath: path, nullValue: 'NULL_VALUE' }];
  if (Array.isArray(value)) {
    return value.flatMap((item, place) => piecesOf(item, `${path}[${place}]`, cut));
  }
  return Object.entries(value as object).flatMap(([key, item]) => {
    const step = /^[a-z]+$/.test(key) ? `.${key}` : `['${key.replaceAll("'", "\\'")}']`;
    return piecesOf(item, path + step, cut);
  });
}

describe('the end', () => {
  const last = (...chunks: readonly object[]): StreamEvent | undefined =>
    decodeStream([streamOf(...chunks)]).at(-1);

  test('a refused prompt is a whole answer without content', () => {
    const blocked = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 },
    };
    const events = decodeStream(byteByByte(streamOf(blocked)));
    checkEvents(events, { interleaved: false });
    assert.deepEqual(
      events.map(event => event.type),
      ['start', 'usage', 'stop', 'end'],
    );
    const { stop: why } = events.find(event => event.type === 'stop')!;
    assert.deepEqual(why, { reason: 'content_filter', raw: 'PROHIBITED_CONTENT' });
    const body = Buffer.from(JSON.stringify(blocked));
    const whole = gemini.decodeResponse(body, {}, answerContext);
    assert.deepEqual(whole.candidates, [{ index: 0, content: [], stop: why }]);
    assert.equal(gemini.readUsage(body).stopRaw, 'PROHIBITED_CONTENT');
    const tap = gemini.tap({ hideUsage: false });
    tap.push(streamOf(blocked));
    assert.deepEqual([tap.complete, tap.stopRaw], [true, 'PROHIBITED_CONTENT']);
    assert.equal(tap.usage?.inputTokens, 7);
  });

  test('without a finish it is truncated, and one candidate cannot answer for another', () => {
    const truncated = (event: StreamEvent | undefined): void => {
      assert.ok(event?.type === 'error');
      assert.equal(event.error.class, 'truncated');
    };
    truncated(last(chunk([{ text: 'a' }])));
    truncated(last());
    truncated(last(chunk([{ text: 'a' }], { finishReason: 'FINISH_REASON_UNSPECIFIED' })));
    const two = { candidates: [{ index: 0, ...stop }, { index: 1 }] };
    truncated(last(two));
    const tap = gemini.tap({ hideUsage: false });
    tap.push(streamOf(two));
    assert.equal(tap.complete, false);
  });

  test('an error inside is the last event, be it in an array', () => {
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
    for (const said of [{ error }, [{ error }]]) {
      const body = streamOf(chunk([{ text: 'a' }]), said, chunk([{ text: 'b' }], stop));
      const events = decodeStream([body]);
      checkEvents(events, { interleaved: false });
      assert.deepEqual(events.at(-1), {
        type: 'error',
        error: { class: 'overloaded', message: error.message, code: 'UNAVAILABLE' },
      });
      const tap = gemini.tap({ hideUsage: false });
      assert.deepEqual(tap.push(body), streamOf(chunk([{ text: 'a' }])));
      assert.equal(tap.error?.class, 'overloaded');
      assert.ok(!tap.complete && tap.started);
    }
  });

  test('every reason has its meaning, numbers included', () => {
    const reason = (finishReason: unknown, parts: readonly object[] = []): string => {
      const event = decodeStream([streamOf(chunk(parts, { finishReason }))]);
      return event.find(e => e.type === 'stop')!.stop.reason;
    };
    const call = called({ name: 'f' });
    assert.equal(reason('STOP'), 'end');
    assert.equal(reason(1, [call]), 'tool_call');
    assert.equal(reason('MAX_TOKENS', [call]), 'length');
    assert.equal(reason(2), 'length');
    for (const word of [
      'SAFETY',
      'RECITATION',
      'LANGUAGE',
      'BLOCKLIST',
      'SPII',
      'IMAGE_SAFETY',
      3,
    ]) {
      assert.equal(reason(word), 'content_filter');
    }
    for (const word of ['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS']) {
      assert.equal(reason(word, [call]), 'malformed');
    }
    assert.equal(reason('CONTINUATION'), 'pause');
    assert.equal(reason('NEW_REASON'), 'end');
    assert.equal(reason('constructor'), 'end');
  });

  test('bytes that are no chunks are refused', () => {
    for (const data of ['[1]', '1', '{"a":', 'null']) {
      const bytes = Buffer.from(`data: ${data}\n\n`);
      const push = (): unknown => gemini.decoder(answerContext).push(bytes);
      assert.equal(thrown(push).class, 'upstream', data);
      const tap = (): unknown => gemini.tap({ hideUsage: false }).push(bytes);
      assert.equal(thrown(tap).class, 'upstream', data);
    }
    for (const body of ['{}', '[]', '{"candidates":[]}', '<html>']) {
      const read = (): unknown => gemini.decodeResponse(Buffer.from(body), {}, answerContext);
      assert.equal(thrown(read).class, 'upstream', body);
    }
    const failed = Buffer.from('{"error":{"code":500,"status":"INTERNAL","message":"m"}}');
    assert.equal(thrown(() => gemini.readUsage(failed)).message, 'm');
  });
});

describe('the tap', () => {
  const counted = (promptTokenCount: number, more: object = {}): object => ({
    ...chunk([{ text: 'a' }], more),
    usageMetadata: { promptTokenCount },
  });

  test('knows the usage so far at any time, without reading each event', () => {
    const tap = gemini.tap({ hideUsage: false });
    tap.push(streamOf(counted(1), counted(2)));
    assert.equal(tap.usage?.inputTokens, 2);
    tap.push(streamOf(counted(3)));
    tap.push(streamOf({ ...chunk([{ text: 'b' }]), usageMetadata: { trafficType: 'x' } }));
    assert.equal(tap.usage?.inputTokens, 3);
    assert.equal(tap.complete, false);
  });

  test('an error after the finish is an error', () => {
    const tap = gemini.tap({ hideUsage: false });
    tap.push(streamOf(counted(1, stop)));
    assert.equal(tap.complete, true);
    tap.push(streamOf({ error: { code: 500, message: 'm', status: 'INTERNAL' } }));
    assert.deepEqual([tap.complete, tap.error?.class], [false, 'upstream']);
  });

  test('begins with what is said, not with what is empty', () => {
    const tap = gemini.tap({ hideUsage: false });
    tap.push(streamOf(chunk([{ text: '' }]), chunk([])));
    assert.equal(tap.started, false);
    tap.push(streamOf(chunk([{ text: '', thought: true, thoughtSignature: 's' }])));
    assert.equal(tap.started, true);
  });
});

describe('usage', () => {
  const usage = (usageMetadata: object, more: object = {}): unknown => {
    const events = decodeStream([
      streamOf(
        { ...chunk([]), usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 } },
        { ...chunk([], { ...stop, ...more }), usageMetadata },
      ),
    ]);
    return events.findLast(event => event.type === 'usage')?.usage;
  };

  test('the last one wins, thoughts count as output, tools as input', () => {
    assert.deepEqual(
      usage({
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 20,
        toolUsePromptTokenCount: 7,
        promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 30 }],
        candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
        trafficType: 'ON_DEMAND_FLEX',
      }),
      {
        inputTokens: 107,
        cachedReadTokens: 60,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
        outputTokens: 25,
        reasoningTokens: 20,
        audioInputTokens: 30,
        audioOutputTokens: 0,
        webSearches: 0,
        serviceTier: 'ON_DEMAND_FLEX',
        source: 'provider',
      },
    );
    assert.equal((usage({ trafficType: 'ON_DEMAND' }) as { inputTokens: number }).inputTokens, 1);
  });

  test('searches: each query from generation 3 on, one for all before', () => {
    const searches = (modelVersion: string): number => {
      const groundingMetadata = { webSearchQueries: ['a', 'b'] };
      const whole = {
        candidates: [{ content: { parts: [{ text: 'x' }] }, groundingMetadata, ...stop }],
        usageMetadata: { promptTokenCount: 1 },
        modelVersion,
      };
      return gemini.readUsage(Buffer.from(JSON.stringify(whole))).usage!.webSearches;
    };
    assert.deepEqual([searches('gemini-2.5-pro'), searches('gemini-3-flash')], [1, 2]);
    const early = { ...chunk([], { groundingMetadata: { webSearchQueries: ['a'] } }) };
    const late = { ...chunk([], stop), usageMetadata: { promptTokenCount: 1 } };
    const events = decodeStream([streamOf(early, late)]);
    assert.equal(events.find(event => event.type === 'usage')?.usage.webSearches, 1);
    const tap = gemini.tap({ hideUsage: false });
    tap.push(streamOf(early, late));
    assert.equal(tap.usage?.webSearches, 1);
  });
});

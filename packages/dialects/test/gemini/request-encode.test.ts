// Proves how a canonical request is written for Google, for each generation of models, and that
// what cannot be carried is named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  Block,
  CanonicalRequest,
  Message,
  Reasoning,
  TextBlock,
} from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { plainTarget } from '../shared/answer-context.ts';

interface Written {
  readonly body: {
    readonly contents: readonly { role: string; parts: Record<string, unknown>[] }[];
    readonly generationConfig?: Record<string, unknown>;
  } & Record<string, unknown>;
  readonly lost: readonly string[];
  readonly minor: readonly string[];
}

const old = 'gemini-2.5-flash';
const young = 'gemini-3.5-flash';
const sentinel = 'skip_thought_signature_validator';

function encode(request: Partial<CanonicalRequest>, target: Partial<TargetModel> = {}): Written {
  const whole: CanonicalRequest = {
    model: 'm',
    messages: [user(said('q'))],
    stream: false,
    includeUsage: false,
    ...request,
  };
  const model = { ...plainTarget, name: old, vendor: 'google', ...target };
  const { body, losses } = gemini.encodeRequest(whole, model);
  return {
    body: JSON.parse(String(body)) as Written['body'],
    lost: losses.map(loss => loss.field),
    minor: losses.filter(loss => loss.isMinor === true).map(loss => loss.field),
  };
}

const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const model = (...content: readonly Block[]): Message => ({ role: 'assistant', content });
const said = (text: string): TextBlock => ({ type: 'text', text });
const call = (id: string, name = 'wx', argumentsJson = ''): Block => ({
  type: 'tool_call',
  id,
  name,
  argumentsJson,
});
const result = (callId: string, ...texts: readonly string[]): Block => ({
  type: 'tool_result',
  callId,
  content: texts.map(said),
  isError: false,
});
const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;

describe('contents', () => {
  test('two calls answered out of order, with words between, to an older model', () => {
    const { body, lost } = encode({
      messages: [
        { role: 'developer', content: [said('Be brief')] },
        user(said('weather in Paris and Oslo?')),
        model(call('call_1', 'wx', '{"c":"Paris"}'), call('call_2')),
        user(result('call_2', '12'), said('thanks')),
        user(result('call_1', '20')),
      ],
      maxOutputTokens: 100,
    });
    assert.deepEqual(lost, []);
    assert.deepEqual(body, {
      systemInstruction: { parts: [{ text: 'Be brief' }] },
      contents: [
        { role: 'user', parts: [{ text: 'weather in Paris and Oslo?' }] },
        {
          role: 'model',
          parts: [
            { functionCall: { name: 'wx', args: { c: 'Paris' } } },
            { functionCall: { name: 'wx', args: {} } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'wx', response: { output: '20' } } },
            { functionResponse: { name: 'wx', response: { output: '12' } } },
          ],
        },
        { role: 'user', parts: [{ text: 'thanks' }] },
      ],
      generationConfig: { maxOutputTokens: 100 },
    });
  });

  test('answers stand right behind their calls, whatever the user said before them', () => {
    const messages = [
      user(said('q')),
      model(call('a')),
      user(said('wait')),
      user(result('a', '1')),
    ];
    const { contents } = encode({ messages }).body;
    assert.deepEqual(
      contents.map(content => Object.keys(content.parts[0]!)[0]),
      ['text', 'functionCall', 'functionResponse', 'text'],
    );
  });

  test('an id that comes again in a later turn is the call of that turn', () => {
    const messages = [
      model(call('a'), call('b')),
      user(result('b', '2'), result('a', '1')),
      model(call('a', 'f'), call('c', 'g')),
      user(result('c', '4'), result('a', '3')),
    ];
    const { contents } = encode({ messages }).body;
    const names = (content: { parts: Record<string, unknown>[] } | undefined): string[] =>
      content!.parts.map(part => (part.functionResponse as { name: string }).name);
    assert.deepEqual(
      [names(contents[1]), names(contents[3])],
      [
        ['wx', 'wx'],
        ['f', 'g'],
      ],
    );
  });

  test('from generation 3 on calls and answers have ids, and each first call a signature', () => {
    const messages = [model(call('a'), call('b')), user(result('b', '2'), result('a', '1'))];
    for (const name of [young, 'gemini-flash-latest']) {
      const { contents } = encode({ messages }, { name }).body;
      assert.deepEqual(contents[0]!.parts, [
        { functionCall: { id: 'a', name: 'wx', args: {} }, thoughtSignature: sentinel },
        { functionCall: { id: 'b', name: 'wx', args: {} } },
      ]);
      assert.deepEqual(
        contents[1]!.parts.map(part => (part.functionResponse as { id: string }).id),
        ['a', 'b'],
      );
    }
  });

  test("Google's signatures go back on their parts, those of others do not go", () => {
    const issuer = 'google';
    const { body, lost } = encode(
      {
        messages: [
          model(
            { type: 'thinking', text: 'a', signature: 's0', issuer: 'anthropic' },
            { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' },
            { type: 'thinking', text: 'b', signature: 's1', issuer },
            { type: 'thinking', text: 'c' },
            { type: 'text', text: 'd', signature: 's2', issuer },
            { type: 'tool_call', id: 'x', name: 'f', argumentsJson: '', signature: 's3', issuer },
            { type: 'tool_call', id: 'y', name: 'f', argumentsJson: '' },
            { type: 'text', text: '', signature: 's4', issuer },
            { type: 'text', text: '' },
          ),
          user(result('x'), result('y')),
          model({ ...call('z'), signature: 's5', issuer: 'other' } as Block),
        ],
      },
      { name: young },
    );
    const others = ['content[0]', 'content[1]'].map(place => `messages[0].${place}`);
    assert.deepEqual(lost, [...others, 'messages[2].content[0].signature']);
    assert.deepEqual(body.contents[0]!.parts, [
      { text: 'b', thought: true, thoughtSignature: 's1' },
      { text: 'c', thought: true },
      { text: 'd', thoughtSignature: 's2' },
      { functionCall: { id: 'x', name: 'f', args: {} }, thoughtSignature: 's3' },
      { functionCall: { id: 'y', name: 'f', args: {} } },
      { text: '', thoughtSignature: 's4' },
    ]);
    assert.equal(body.contents[2]!.parts[0]!.thoughtSignature, sentinel);
  });

  test('answers: objects stay objects, the rest is wrapped, failures are errors', () => {
    const answer = (block: Partial<Block>): unknown => {
      const given = { ...result('a'), ...block } as Block;
      const { contents } = encode({ messages: [model(call('a')), user(given)] }).body;
      return (contents[1]!.parts[0]!.functionResponse as { response: object }).response;
    };
    const text = (value: string): unknown => answer({ content: [said(value)] } as Partial<Block>);
    assert.deepEqual(text('{"t": 20}'), { t: 20 });
    assert.deepEqual(text('[1]'), { output: '[1]' });
    assert.deepEqual(text('{oops'), { output: '{oops' });
    assert.deepEqual(text('{"id": 12345678901234567890}'), {
      output: '{"id": 12345678901234567890}',
    });
    assert.deepEqual(answer({}), {});
    assert.deepEqual(answer({ content: [said('no')], isError: true } as Partial<Block>), {
      error: 'no',
    });
    const two = { content: [said('a'), said('b')] } as Partial<Block>;
    assert.deepEqual(answer(two), { output: 'a\nb' });
  });

  test('a picture in an answer goes beside it from generation 3 on, and is lost before', () => {
    const given = { ...result('a', 'x'), content: [said('x'), { type: 'image', source: png }] };
    const messages = [model(call('a')), user(given as Block)];
    const inline = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const now = encode({ messages }, { name: young });
    assert.deepEqual(now.lost, []);
    assert.deepEqual(now.body.contents[1]!.parts[0], {
      functionResponse: { id: 'a', name: 'wx', response: { output: 'x' }, parts: [inline] },
    });
    assert.deepEqual(encode({ messages }).lost, ['messages[1].content[0].content[1]']);
  });

  test('media: inline, by URI with its type, documents of text as text', () => {
    const url = (at: string, mediaType?: string): Block => {
      const source = { kind: 'url', url: at, ...(mediaType ? { mediaType } : {}) } as const;
      return { type: 'image', source };
    };
    const { body, lost } = encode({
      messages: [
        user(
          { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AAAA' } },
          { type: 'document', source: { kind: 'text', mediaType: 'text/plain', text: 'doc' } },
          url('https://x.com/a.b/c.JPG?size=1'),
          url('gs://bucket/thing', 'image/webp'),
          { type: 'document', source: { kind: 'url', url: 'https://youtu.be/x' } },
          { type: 'native', native: { dialect: 'gemini', value: { videoMetadata: {} } } },
        ),
      ],
    });
    assert.deepEqual(lost, []);
    assert.deepEqual(body.contents[0]!.parts, [
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      { text: 'doc' },
      { fileData: { mimeType: 'image/jpeg', fileUri: 'https://x.com/a.b/c.JPG?size=1' } },
      { fileData: { mimeType: 'image/webp', fileUri: 'gs://bucket/thing' } },
      { fileData: { fileUri: 'https://youtu.be/x' } },
      { videoMetadata: {} },
    ]);
  });

  test('turns: neighbours are merged, empty ones left out, the system alone gets a blank one', () => {
    const merged = encode({
      messages: [user(said('a')), user(), user(said('b')), model(), model(said('c'))],
    });
    assert.deepEqual(merged.body.contents, [
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }] },
    ]);
    const alone = encode({ messages: [{ role: 'system', content: [said('s')] }] });
    assert.deepEqual(alone.body.contents, [{ role: 'user', parts: [{ text: ' ' }] }]);
  });
});

describe('settings', () => {
  test('thinking is a budget for 2.5 and a level from 3 on', () => {
    const of = (reasoning: Reasoning, name: string): unknown[] => {
      const { body, lost } = encode({ reasoning }, { name });
      return [body.generationConfig?.thinkingConfig, lost];
    };
    const enabled = (fields: Partial<Reasoning>): Reasoning => ({ mode: 'enabled', ...fields });
    const pro = 'gemini-2.5-pro';
    const youngPro = 'gemini-3-pro-preview';
    const table: readonly (readonly [Reasoning, string, object | undefined, string[]])[] = [
      [enabled({ budgetTokens: 2000 }), old, { thinkingBudget: 2000 }, []],
      [enabled({ effort: 'medium' }), old, { thinkingBudget: 8192 }, []],
      [enabled({ effort: 'max' }), old, { thinkingBudget: 24576 }, ['reasoning.effort']],
      [enabled({}), old, { thinkingBudget: -1 }, []],
      [
        { mode: 'adaptive', display: 'summarized' },
        old,
        { thinkingBudget: -1, includeThoughts: true },
        [],
      ],
      [{ mode: 'disabled' }, old, { thinkingBudget: 0 }, []],
      [{ mode: 'disabled' }, pro, { thinkingBudget: 128 }, ['reasoning.mode']],
      [enabled({ effort: 'medium' }), young, { thinkingLevel: 'MEDIUM' }, []],
      [enabled({ effort: 'minimal' }), young, { thinkingLevel: 'MINIMAL' }, []],
      [enabled({ effort: 'minimal' }), youngPro, { thinkingLevel: 'LOW' }, []],
      [enabled({ effort: 'xhigh' }), young, { thinkingLevel: 'HIGH' }, ['reasoning.effort']],
      [
        enabled({ budgetTokens: 2000 }),
        young,
        { thinkingLevel: 'MEDIUM' },
        ['reasoning.budgetTokens'],
      ],
      [{ mode: 'disabled' }, young, { thinkingLevel: 'MINIMAL' }, ['reasoning.mode']],
      [{ mode: 'adaptive' }, young, undefined, []],
      [{ mode: 'adaptive', display: 'omitted' }, young, undefined, []],
      [{ mode: 'adaptive', display: 'x' }, young, { includeThoughts: true }, ['reasoning.display']],
    ];
    for (const [reasoning, name, config, lost] of table) {
      assert.deepEqual(of(reasoning, name), [config, lost], JSON.stringify([reasoning, name]));
    }
    const plain = encode({ reasoning: enabled({}) }, { reasoning: false });
    assert.deepEqual([plain.body.generationConfig, plain.lost], [undefined, ['reasoning']]);
    assert.deepEqual(encode({ reasoning: { mode: 'disabled' } }, { reasoning: false }).lost, []);
  });

  test('all of generationConfig', () => {
    const { body, lost } = encode(
      {
        maxOutputTokens: 100,
        temperature: 0,
        topP: 0.5,
        topK: 3,
        stop: ['x'],
        seed: 1,
        frequencyPenalty: 1,
        presencePenalty: 2,
        candidates: 2,
        logprobs: { top: 4 },
        responseFormat: {
          type: 'json_schema',
          name: 'n',
          description: 'd',
          schema: { type: 'object' },
          strict: true,
        },
      },
      { maxOutputTokens: 50 },
    );
    assert.deepEqual(lost, []);
    assert.deepEqual(body.generationConfig, {
      maxOutputTokens: 50,
      temperature: 0,
      topP: 0.5,
      topK: 3,
      stopSequences: ['x'],
      seed: 1,
      frequencyPenalty: 1,
      presencePenalty: 2,
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 4,
      responseMimeType: 'application/json',
      responseJsonSchema: { description: 'd', type: 'object' },
    });
  });

  test('tools and every choice among them', () => {
    const tools = ['f', 'g'].map(name => ({ name, parameters: { type: 'object' } }));
    const search = { dialect: 'gemini', value: { googleSearch: {} } };
    const native = { name: 'googleSearch', parameters: {}, native: search };
    const { body } = encode({ tools: [...tools, native] });
    assert.deepEqual(body.tools, [
      {
        functionDeclarations: [
          { name: 'f', parametersJsonSchema: { type: 'object' } },
          { name: 'g', parametersJsonSchema: { type: 'object' } },
        ],
      },
      { googleSearch: {} },
    ]);
    assert.ok(!('toolConfig' in body));
    const mode = (toolChoice: CanonicalRequest['toolChoice'], strict = false): unknown => {
      const given = tools.map(tool => ({ ...tool, strict }));
      const request = toolChoice === undefined ? { tools: given } : { tools: given, toolChoice };
      return (encode(request).body.toolConfig as { functionCallingConfig: object })
        .functionCallingConfig;
    };
    assert.deepEqual(mode({ type: 'auto' }), { mode: 'AUTO' });
    assert.deepEqual(mode({ type: 'auto' }, true), { mode: 'VALIDATED' });
    assert.deepEqual(mode(undefined, true), { mode: 'VALIDATED' });
    assert.deepEqual(mode({ type: 'none' }), { mode: 'NONE' });
    assert.deepEqual(mode({ type: 'required' }), { mode: 'ANY' });
    assert.deepEqual(mode({ type: 'named', name: 'g' }), {
      mode: 'ANY',
      allowedFunctionNames: ['g'],
    });
    assert.deepEqual(mode({ type: 'allowed', mode: 'required', names: ['f'] }), {
      mode: 'ANY',
      allowedFunctionNames: ['f'],
    });
    assert.deepEqual(mode({ type: 'allowed', mode: 'auto', names: ['f'] }), {
      mode: 'VALIDATED',
      allowedFunctionNames: ['f'],
    });
    assert.deepEqual(encode({ toolChoice: { type: 'auto' }, parallelToolCalls: true }).lost, []);
  });

  test('its own extensions come back where they were', () => {
    const fields = {
      safetySettings: [{ category: 'c' }],
      generationConfig: { speechConfig: {}, thinkingConfig: { newField: 1 } },
      toolConfig: {
        retrievalConfig: {},
        functionCallingConfig: { streamFunctionCallArguments: true },
      },
      functionDeclarations: { f: { response: { type: 'STRING' } } },
    };
    const { body, lost } = encode({
      tools: [{ name: 'f', parameters: {} }],
      toolChoice: { type: 'required' },
      reasoning: { mode: 'enabled', budgetTokens: 5 },
      serviceTier: 'priority',
      extensions: { dialect: 'gemini', fields },
    });
    assert.deepEqual(lost, []);
    const { contents: _, ...rest } = body;
    assert.deepEqual(rest, {
      safetySettings: [{ category: 'c' }],
      generationConfig: { speechConfig: {}, thinkingConfig: { newField: 1, thinkingBudget: 5 } },
      tools: [
        {
          functionDeclarations: [
            { response: { type: 'STRING' }, name: 'f', parametersJsonSchema: {} },
          ],
        },
      ],
      toolConfig: {
        retrievalConfig: {},
        functionCallingConfig: { streamFunctionCallArguments: true, mode: 'ANY' },
      },
      serviceTier: 'priority',
    });
  });
});

test('each thing that has no place is reported, hints as minor', () => {
  const native = { dialect: 'anthropic-messages', value: {} };
  const fileId = { kind: 'file-id', fileId: 'file-1' } as const;
  const { lost, minor } = encode(
    {
      messages: [
        user(
          { type: 'image', source: png, detail: 'high' },
          { type: 'image', source: { kind: 'url', url: 'https://x.com/a' } },
          { type: 'document', source: fileId },
          { type: 'document', source: { ...png, mediaType: 'application/pdf' }, name: 'a.pdf' },
          { type: 'native', native },
          { ...said('a'), cache: { ttl: '5m' }, citations: native },
          { type: 'image', source: png, detail: 'auto' },
        ),
        { role: 'system', content: [said('late')] },
        { role: 'assistant', content: [call('a', 'f', '[1]'), call('b', 'f', '{oops')], name: 'n' },
        user(result('zzz', 'x')),
        model({ type: 'tool_result', callId: 'a', content: [], isError: false }),
      ],
      tools: [{ name: 'x', parameters: {}, native }],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      responseFormat: { type: 'json_schema', schema: {} },
      logitBias: { 1: 1 },
      user: 'u',
      metadata: { a: 'b' },
      serviceTier: 'scale',
      store: true,
      promptCacheKey: 'k',
      extensions: { dialect: 'openai-chat', fields: { verbosity: 'low' } },
    },
    { jsonSchema: false },
  );
  assert.deepEqual(lost, [
    'extensions.verbosity',
    'messages[0].content[0].detail',
    'messages[0].content[1]',
    'messages[0].content[2]',
    'messages[0].content[3].name',
    'messages[0].content[4]',
    'messages[0].content[5].citations',
    'messages[1].role',
    'messages[2].name',
    'messages[2].content[0].argumentsJson',
    'messages[2].content[1].argumentsJson',
    'messages[3].content[0]',
    'messages[4].content[0]',
    'parallelToolCalls',
    'tools[0]',
    'toolChoice',
    'responseFormat',
    'logitBias',
    'user',
    'metadata',
    'store',
    'serviceTier',
    'cache',
    'promptCacheKey',
  ]);
  assert.deepEqual(minor, [
    'messages[0].content[0].detail',
    'messages[0].content[3].name',
    'cache',
    'promptCacheKey',
  ]);
});

test('fields are named in the words of the caller', () => {
  const { fieldName } = gemini;
  assert.equal(fieldName('candidates'), 'generationConfig.candidateCount');
  assert.equal(fieldName('reasoning.budgetTokens'), 'generationConfig.thinkingConfig');
  assert.equal(fieldName('messages[3].content[0].citations'), 'contents');
  assert.equal(fieldName('toolChoice'), 'toolConfig.functionCallingConfig');
  assert.equal(fieldName('extensions.safetySettings'), 'safetySettings');
  assert.equal(fieldName('extensions.fields.labels'), 'labels');
  assert.equal(fieldName('tools[0]'), 'tools');
  assert.equal(fieldName('constructor'), 'constructor');
});

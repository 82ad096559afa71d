// Proves how a caller's request is read: every field to its canonical form, in both of Google's
// spellings, and every wrong one refused with its path.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest, Message, TextBlock } from '@entrepot/dialects/canonical';
import { gemini } from '@entrepot/dialects/gemini/dialect';
import { thrown } from '../shared/thrown.ts';

const hello = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };
const path = { model: 'gemini-3-flash', stream: false };

function decode(body: object, from: typeof path = path): CanonicalRequest {
  return gemini.decodeRequest(Buffer.from(JSON.stringify({ ...hello, ...body })), from);
}

function messages(...contents: readonly object[]): readonly Message[] {
  return decode({ contents }).messages;
}

/** What one part of the user becomes. */
function part(given: object): Block | undefined {
  return messages({ role: 'user', parts: [given] })[0]!.content[0];
}

const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const said = (text: string): TextBlock => ({ type: 'text', text });
const model = (...parts: readonly object[]): object => ({ role: 'model', parts });
const asks = (name: string, more: object = {}): object => ({ functionCall: { name, ...more } });
const answers = (name: string, response: object, more: object = {}): object => ({
  functionResponse: { name, response, ...more },
});

describe('refusing', () => {
  const of = (body: object): [string, string | undefined] => {
    const error = thrown(() => assert.fail(JSON.stringify(decode(body))));
    return [error.class, error.field];
  };

  test('a wrong field is refused with its path', () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ contents: [] }, 'contents'],
      [{ contents: 'hi' }, 'contents'],
      [{ contents: [1] }, 'contents[0]'],
      [{ contents: [{ role: 'assistant', parts: [] }] }, 'contents[0].role'],
      [{ contents: [{ parts: [{ text: 1 }] }] }, 'contents[0].parts[0].text'],
      [{ contents: [{ parts: [{}] }] }, 'contents[0].parts[0].text'],
      [{ contents: [{ parts: [asks('f')] }] }, 'contents[0].parts[0].functionCall'],
      [{ contents: [model(asks('f', { args: 'x' }))] }, 'contents[0].parts[0].functionCall.args'],
      [{ contents: [model({ functionCall: {} })] }, 'contents[0].parts[0].functionCall.name'],
      [{ contents: [model(answers('f', {}))] }, 'contents[0].parts[0].functionResponse'],
      [
        { contents: [model(asks('f')), { parts: [answers('g', {})] }] },
        'contents[1].parts[0].functionResponse.name',
      ],
      [
        { contents: [{ parts: [{ inline_data: { mime_type: 'image/png' } }] }] },
        'contents[0].parts[0].inlineData.data',
      ],
      [
        { contents: [{ parts: [{ fileData: { mimeType: 'image/png' } }] }] },
        'contents[0].parts[0].fileData.fileUri',
      ],
      [{ contents: hello.contents, system_instruction: 'x' }, 'systemInstruction'],
      [{ systemInstruction: { parts: [{ inlineData: {} }] } }, 'systemInstruction.parts[0].text'],
      [{ generationConfig: { temperature: '1' } }, 'generationConfig.temperature'],
      [{ generationConfig: { max_output_tokens: 0 } }, 'generationConfig.maxOutputTokens'],
      [{ generationConfig: { stopSequences: [1] } }, 'generationConfig.stopSequences[0]'],
      [{ generationConfig: { candidateCount: 1.5 } }, 'generationConfig.candidateCount'],
      [{ generationConfig: { logprobs: 2 } }, 'generationConfig.logprobs'],
      [
        { generationConfig: { responseSchema: { type: 'OBJECT' } } },
        'generationConfig.responseMimeType',
      ],
      [
        { generationConfig: { responseSchema: {}, responseJsonSchema: {} } },
        'generationConfig.responseSchema',
      ],
      [
        { generationConfig: { thinkingConfig: { thinkingBudget: 1, thinkingLevel: 'LOW' } } },
        'generationConfig.thinkingConfig.thinkingBudget',
      ],
      [
        { generationConfig: { thinkingConfig: { thinkingLevel: 'MOST' } } },
        'generationConfig.thinkingConfig.thinkingLevel',
      ],
      [{ generationConfig: { topK: 1, top_k: 1 } }, 'generationConfig.topK'],
      [{ tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
      [
        { tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'STRING' } }] }] },
        'tools[0].functionDeclarations[0].parameters.type',
      ],
      [
        {
          tools: [
            { functionDeclarations: [{ name: 'f', parameters: {}, parametersJsonSchema: {} }] },
          ],
        },
        'tools[0].functionDeclarations[0].parameters',
      ],
      [
        { toolConfig: { functionCallingConfig: { mode: 'SOME' } } },
        'toolConfig.functionCallingConfig.mode',
      ],
      [{ serviceTier: 'best' }, 'serviceTier'],
    ];
    for (const [body, field] of wrong) assert.deepEqual(of(body), ['invalid_request', field]);
  });

  test('half a call is unsupported by name: it can neither be dropped nor kept whole', () => {
    assert.deepEqual(of({ contents: [model(asks('f', { willContinue: true }))] }), [
      'unsupported',
      'contents[0].parts[0].functionCall.willContinue',
    ]);
    const answer = answers('f', {}, { scheduling: 'SILENT' });
    assert.deepEqual(of({ contents: [model(asks('f')), { parts: [answer] }] }), [
      'unsupported',
      'contents[1].parts[0].functionResponse.scheduling',
    ]);
  });

  test('the path must name a model', () => {
    const bytes = Buffer.from(JSON.stringify(hello));
    assert.equal(thrown(() => gemini.decodeRequest(bytes)).field, 'model');
    const empty = { model: '', stream: false };
    assert.equal(thrown(() => gemini.decodeRequest(bytes, empty)).field, 'model');
  });
});

describe('contents', () => {
  test('model and stream come from the path, usage in every stream', () => {
    const { model: name, stream, includeUsage } = decode({}, { model: 'm', stream: true });
    assert.deepEqual([name, stream, includeUsage], ['m', true, true]);
    assert.equal(decode({ model: 'models/other' }).model, 'gemini-3-flash');
  });

  test('system first, roles by their names, neighbours of one role as one message', () => {
    const { messages: read } = decode({
      system_instruction: { parts: { text: 'brief' } },
      contents: [
        { parts: [{ text: 'a' }] },
        { role: 'user', parts: [{ text: 'b' }, { text: '' }] },
        model({ text: 'c' }),
        model({ text: 'd' }),
      ],
    });
    assert.deepEqual(read, [
      { role: 'system', content: [said('brief')] },
      user(said('a'), said('b')),
      { role: 'assistant', content: [said('c'), said('d')] },
    ]);
    const one = gemini.decodeRequest(Buffer.from('{"contents":{"parts":{"text":"a"}}}'), path);
    assert.deepEqual(one.messages, [user(said('a'))]);
  });

  test('media by their types, in both spellings; what says more is kept whole', () => {
    const png = { kind: 'base64', mediaType: 'image/png', data: 'AA+/' };
    const spelled = [
      { inlineData: { mimeType: 'image/png', data: 'AA-_' } },
      { inline_data: { mime_type: 'IMAGE/PNG', data: 'AA\n+/' } },
    ];
    for (const given of spelled) assert.deepEqual(part(given), { type: 'image', source: png });
    const wav = part({ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } });
    assert.equal(wav?.type, 'audio');
    assert.deepEqual(part({ file_data: { mime_type: 'application/pdf', file_uri: 'gs://b/a' } }), {
      type: 'document',
      source: { kind: 'url', url: 'gs://b/a', mediaType: 'application/pdf' },
    });
    assert.deepEqual(part({ fileData: { fileUri: 'https://x/files/1' } }), {
      type: 'document',
      source: { kind: 'url', url: 'https://x/files/1' },
    });
    const whole = [
      { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } },
      { inlineData: { mimeType: 'image/png', data: 'AAAA' }, mediaResolution: { level: 'LOW' } },
      { inlineData: { mimeType: 'image/png', data: 'AAAA', displayName: 'a' } },
      { executableCode: { code: '1', language: 'PYTHON' } },
    ];
    for (const given of whole) {
      const native = { dialect: 'gemini', value: given };
      assert.deepEqual(part(given), { type: 'native', native });
    }
  });

  test('calls without ids get the same ones each time, and answers find them by name', () => {
    const contents = [
      model(asks('f', { args: { a: 1 } }), asks('g'), asks('f', { args: {} })),
      {
        role: 'function',
        parts: [answers('f', { output: 'x' }), { text: 'and' }, answers('g', { error: 'no' })],
      },
      { role: 'user', parts: [answers('f', { n: 1, m: 2 })] },
    ];
    const [asked, answered] = messages(...contents);
    assert.deepEqual(asked!.content, [
      { type: 'tool_call', id: 'call_gemini_1', name: 'f', argumentsJson: '{"a":1}' },
      { type: 'tool_call', id: 'call_gemini_2', name: 'g', argumentsJson: '' },
      { type: 'tool_call', id: 'call_gemini_3', name: 'f', argumentsJson: '{}' },
    ]);
    const result = (callId: string, text: string, isError = false): Block => {
      return { type: 'tool_result', callId, content: [said(text)], isError };
    };
    assert.deepEqual(answered!.content, [
      result('call_gemini_1', 'x'),
      result('call_gemini_2', 'no', true),
      result('call_gemini_3', '{"n":1,"m":2}'),
      said('and'),
    ]);
    const longer = messages(...contents, model({ text: 'so' }), { parts: [{ text: 'more' }] });
    assert.deepEqual(longer.slice(0, 2), [asked, answered]);
  });

  test('ids that are given are kept, and win over the order', () => {
    const [asked, answered] = messages(
      model(asks('f', { id: 'a' }), asks('f', { id: 'b' })),
      { parts: [answers('f', {}, { id: 'b' }), answers('f', {}, { id: 'a' })] },
      model(asks('f', { id: 'a' })),
      { parts: [answers('f', {}, { id: 'a' })] },
    );
    const ids = (message: Message | undefined): string[] =>
      message!.content.map(block =>
        block.type === 'tool_call' ? block.id : block.type === 'tool_result' ? block.callId : '',
      );
    assert.deepEqual(ids(asked), ['a', 'b']);
    assert.deepEqual(ids(answered), ['b', 'a']);
  });

  test('a call that nobody answered is not open in a later turn', () => {
    const read = messages(
      model(asks('f', { id: 'a' })),
      { parts: [{ text: 'never mind' }] },
      model(asks('f')),
      { parts: [answers('f', {})] },
    );
    const [answer] = read[3]!.content;
    assert.ok(answer?.type === 'tool_result');
    assert.equal(answer.callId, 'call_gemini_2');
  });

  test('a call that repeats an id of an earlier turn is another call', () => {
    const read = messages(
      model(asks('f', { id: 'a' })),
      { parts: [answers('f', {}, { id: 'a' })] },
      model(asks('f', { id: 'a' })),
      { parts: [answers('f', {}, { id: 'a' })] },
    );
    const second = read[2]!.content[0]!;
    const answer = read[3]!.content[0]!;
    assert.ok(second.type === 'tool_call' && answer.type === 'tool_result');
    assert.notEqual(second.id, 'a');
    assert.equal(answer.callId, second.id);
  });

  test('pictures in the answer of a function come behind what it says', () => {
    const parts = [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }];
    const [, answered] = messages(model(asks('f')), { parts: [answers('f', {}, { parts })] });
    const source = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' };
    assert.deepEqual(answered!.content[0], {
      type: 'tool_result',
      callId: 'call_gemini_1',
      content: [{ type: 'image', source }],
      isError: false,
    });
  });

  test('thoughts and signatures stand on the blocks that had them', () => {
    const [read] = messages(
      model(
        { text: 'hm', thought: true },
        { text: 'mm', thought: true, thought_signature: 's1' },
        { text: 'so', thoughtSignature: 's2' },
        { ...asks('f'), thoughtSignature: 's3' },
        { text: '', thoughtSignature: 's4' },
      ),
    );
    const issuer = 'google';
    assert.deepEqual(read!.content, [
      { type: 'thinking', text: 'hm' },
      { type: 'thinking', text: 'mm', signature: 's1', issuer },
      { type: 'text', text: 'so', signature: 's2', issuer },
      {
        type: 'tool_call',
        id: 'call_gemini_1',
        name: 'f',
        argumentsJson: '',
        signature: 's3',
        issuer,
      },
      { type: 'text', text: '', signature: 's4', issuer },
    ]);
  });
});

describe('settings', () => {
  const config = (generationConfig: object): Partial<CanonicalRequest> => {
    const {
      model: _,
      messages: __,
      stream: ___,
      includeUsage: ____,
      ...rest
    } = decode({
      generationConfig,
    });
    return rest;
  };

  test('sampling and limits', () => {
    assert.deepEqual(
      config({
        max_output_tokens: 5,
        temperature: 0.5,
        topP: 0.9,
        top_k: 40,
        stopSequences: ['x'],
        seed: 7,
        frequencyPenalty: 1,
        presence_penalty: -1,
        candidateCount: 2,
        responseLogprobs: true,
        logprobs: 3,
        responseModalities: ['TEXT'],
      }),
      {
        maxOutputTokens: 5,
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        stop: ['x'],
        seed: 7,
        frequencyPenalty: 1,
        presencePenalty: -1,
        candidates: 2,
        logprobs: { top: 3 },
      },
    );
  });

  test('thinking by budget, by level, or left to the model', () => {
    const thinking = (thinkingConfig: object): unknown => config({ thinkingConfig }).reasoning;
    assert.deepEqual(thinking({ thinkingBudget: 0, includeThoughts: true }), { mode: 'disabled' });
    assert.deepEqual(thinking({ thinking_budget: -1 }), { mode: 'adaptive' });
    assert.deepEqual(thinking({ thinkingBudget: 2048, includeThoughts: true }), {
      mode: 'enabled',
      budgetTokens: 2048,
      display: 'summarized',
    });
    assert.deepEqual(thinking({ thinkingLevel: 'MINIMAL' }), {
      mode: 'enabled',
      effort: 'minimal',
    });
    assert.deepEqual(thinking({ includeThoughts: true }), {
      mode: 'adaptive',
      display: 'summarized',
    });
    assert.equal(thinking({ includeThoughts: false }), undefined);
  });

  test('the form of the answer, schemas in both languages', () => {
    const json = 'application/json';
    const format = (given: object): unknown => config(given).responseFormat;
    assert.deepEqual(format({ responseMimeType: json }), { type: 'json_object' });
    assert.deepEqual(format({ responseMimeType: 'text/plain' }), { type: 'text' });
    const schema = { type: 'object', x_y: 1 };
    assert.deepEqual(format({ response_mime_type: json, response_json_schema: schema }), {
      type: 'json_schema',
      schema,
    });
    const openApi = {
      type: 6,
      property_ordering: ['a_b', 'c'],
      properties: {
        a_b: { type: 'STRING', nullable: true, enum: ['x'], min_length: '3' },
        c: { any_of: [{ type: 'INTEGER' }, { type: 'ARRAY', items: { type: 4 } }], nullable: true },
      },
    };
    assert.deepEqual(format({ responseMimeType: json, responseSchema: openApi }), {
      type: 'json_schema',
      schema: {
        type: 'object',
        propertyOrdering: ['a_b', 'c'],
        properties: {
          a_b: { type: ['string', 'null'], enum: ['x', null], minLength: 3 },
          c: {
            anyOf: [
              { type: 'integer' },
              { type: 'array', items: { type: 'boolean' } },
              { type: 'null' },
            ],
          },
        },
      },
    });
  });

  test('tools: functions, tools of Google, and the choice', () => {
    const { tools, toolChoice } = decode({
      tools: {
        function_declarations: [
          { name: 'f', description: 'd', parameters: { type: 'OBJECT', properties: {} } },
          { name: 'g' },
        ],
        google_search: { excludeDomains: [] },
      },
    });
    const parameters = { type: 'object', properties: {} };
    const native = { dialect: 'gemini', value: { googleSearch: { excludeDomains: [] } } };
    assert.deepEqual(tools, [
      { name: 'f', description: 'd', parameters },
      { name: 'g', parameters },
      { name: 'googleSearch', parameters, native },
    ]);
    assert.equal(toolChoice, undefined);
    const choice = (mode: unknown, ...names: readonly string[]): unknown =>
      decode({
        tools: [{ functionDeclarations: [{ name: 'f' }] }],
        tool_config: {
          function_calling_config: {
            mode,
            ...(names.length > 0 ? { allowedFunctionNames: names } : {}),
          },
        },
      });
    const of = (mode: unknown, ...names: readonly string[]): unknown =>
      (choice(mode, ...names) as CanonicalRequest).toolChoice;
    assert.deepEqual(of('AUTO'), { type: 'auto' });
    assert.deepEqual(of(3), { type: 'none' });
    assert.deepEqual(of('ANY'), { type: 'required' });
    assert.deepEqual(of('ANY', 'f'), { type: 'named', name: 'f' });
    assert.deepEqual(of(2, 'f', 'g'), { type: 'allowed', mode: 'required', names: ['f', 'g'] });
    assert.deepEqual(of('VALIDATED', 'f'), { type: 'allowed', mode: 'auto', names: ['f'] });
    assert.equal(of('MODE_UNSPECIFIED'), undefined);
    const validated = choice('VALIDATED') as CanonicalRequest;
    assert.deepEqual(validated.toolChoice, { type: 'auto' });
    assert.equal(validated.tools![0]!.strict, true);
  });

  test('what only Google has is kept as extensions', () => {
    const { extensions, serviceTier } = decode({
      safety_settings: [{ category: 'c', threshold: 't' }],
      cachedContent: 'cachedContents/1',
      labels: { team_a: 'x' },
      serviceTier: 'flex',
      generationConfig: {
        speechConfig: { a: 1 },
        responseModalities: ['AUDIO'],
        thinkingConfig: { newField: 1 },
      },
      toolConfig: {
        retrievalConfig: { languageCode: 'de' },
        functionCallingConfig: { streamFunctionCallArguments: true },
      },
      tools: [{ functionDeclarations: [{ name: 'f', response: { type: 'STRING' } }] }],
    });
    assert.equal(serviceTier, 'flex');
    assert.deepEqual(extensions, {
      dialect: 'gemini',
      fields: {
        safetySettings: [{ category: 'c', threshold: 't' }],
        cachedContent: 'cachedContents/1',
        labels: { team_a: 'x' },
        generationConfig: {
          speechConfig: { a: 1 },
          responseModalities: ['AUDIO'],
          thinkingConfig: { newField: 1 },
        },
        toolConfig: {
          retrievalConfig: { languageCode: 'de' },
          functionCallingConfig: { streamFunctionCallArguments: true },
        },
        functionDeclarations: { f: { response: { type: 'STRING' } } },
      },
    });
    assert.equal(decode({ serviceTier: 'standard' }).serviceTier, undefined);
    const words = decode({
      generationConfig: { responseMimeType: 'text/x.enum', responseSchema: { enum: ['a'] } },
    });
    assert.equal(words.responseFormat, undefined);
    assert.deepEqual(words.extensions!.fields.generationConfig, {
      responseMimeType: 'text/x.enum',
      responseSchema: { enum: ['a'] },
    });
  });
});

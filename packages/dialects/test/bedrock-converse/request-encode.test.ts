// Proves how a canonical request is written for an upstream: its exact shape, the rules that the
// service has for it, and that what cannot be carried is named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { Block, CanonicalRequest, Message, Tool } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import fc from 'fast-check';
import { plainTarget } from '../shared/answer-context.ts';
import { thrown } from '../shared/thrown.ts';

type Body = Record<string, unknown> & {
  readonly messages: { role: string; content: Record<string, unknown>[] }[];
};

interface Written {
  readonly body: Body;
  readonly lost: readonly string[];
}

const said = (text: string): Block => ({ type: 'text', text });
const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const assistant = (...content: readonly Block[]): Message => ({ role: 'assistant', content });
const hello = [user(said('hello'))];

function encode(request: Partial<CanonicalRequest>, target: Partial<TargetModel> = {}): Written {
  const whole = { model: 'm', messages: hello, stream: false, includeUsage: false, ...request };
  const { body, losses } = bedrockConverse.encodeRequest(whole, { ...plainTarget, ...target });
  return {
    body: JSON.parse(String(body)) as Body,
    lost: losses.map(({ field, isMinor }) => (isMinor === true ? `${field} minor` : field)),
  };
}

function written(blocks: readonly Block[], target: Partial<TargetModel> = {}): Written {
  return encode({ messages: [user(...blocks)] }, target);
}

const tool: Tool = { name: 'wx', description: '', parameters: { type: 'object' } };
const call = (id: string, argumentsJson = '{}'): Block => ({
  type: 'tool_call',
  id,
  name: 'wx',
  argumentsJson,
});
const result = (callId: string, text: string, isError = false): Block => ({
  type: 'tool_result',
  callId,
  content: text === '' ? [] : [said(text)],
  isError,
});

describe('the conversation', () => {
  test('the worked example of parallel calls, to the letter', () => {
    const { body, lost } = encode({
      messages: [
        { role: 'developer', content: [said('Be brief')] },
        user(said('weather in Paris and Oslo?')),
        assistant(call('call_1', '{"c":"Paris"}'), call('call_2', '')),
        user(result('call_2', '12'), result('call_1', '20'), said('thanks')),
      ],
      maxOutputTokens: 100,
      parallelToolCalls: false,
      tools: [tool],
    });
    const toolResult = (toolUseId: string, text: string): object => ({
      toolResult: { toolUseId, content: [{ text }] },
    });
    assert.deepEqual(body, {
      messages: [
        { role: 'user', content: [{ text: 'weather in Paris and Oslo?' }] },
        {
          role: 'assistant',
          content: [
            { toolUse: { toolUseId: 'call_1', name: 'wx', input: { c: 'Paris' } } },
            { toolUse: { toolUseId: 'call_2', name: 'wx', input: {} } },
          ],
        },
        {
          role: 'user',
          content: [toolResult('call_2', '12'), toolResult('call_1', '20'), { text: 'thanks' }],
        },
      ],
      system: [{ text: 'Be brief' }],
      inferenceConfig: { maxTokens: 100 },
      toolConfig: { tools: [{ toolSpec: { name: 'wx', inputSchema: { json: tool.parameters } } }] },
    });
    assert.deepEqual(lost, ['parallelToolCalls']);
  });

  test('turns alternate, results are first, blank texts are left out', () => {
    const { body, lost } = encode({
      messages: [
        user(said('a'), said(' ')),
        user(said('b')),
        assistant(said('\n\n'), call('1')),
        assistant(said('')),
        user(said('c')),
        user(result('1', '')),
      ],
      tools: [tool],
    });
    assert.deepEqual(
      body.messages.map(({ role, content }) => [role, content.map(block => Object.keys(block)[0])]),
      [
        ['user', ['text', 'text']],
        ['assistant', ['toolUse']],
        ['user', ['toolResult', 'text']],
      ],
    );
    assert.deepEqual(lost, []);
  });

  test('any roles in any order', () => {
    const block = fc.constantFrom(said('x'), said(''), call('1'), result('1', 'y'));
    const role = fc.constantFrom('system', 'developer', 'user', 'assistant');
    const message = fc.record({ role, content: fc.array(block, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), given => {
        const { messages } = encode({
          messages: [user(said('first')), ...(given as Message[])],
        }).body;
        for (const [at, { role, content }] of messages.entries()) {
          assert.notEqual(role, messages[at + 1]?.role);
          assert.ok(content.length > 0);
          const kinds = content.map(one => Object.keys(one)[0]);
          const results = kinds.filter(kind => kind === 'toolResult').length;
          assert.ok(kinds.slice(0, results).every(kind => kind === 'toolResult'));
          assert.ok(!content.some(one => one.text === ''));
        }
      }),
    );
  });

  test('a system message in the middle moves to the front and is told', () => {
    const { body, lost } = encode({
      messages: [user(said('a')), { role: 'system', content: [said('s')] }],
    });
    assert.deepEqual(body.system, [{ text: 's' }]);
    assert.deepEqual(lost, ['messages[1]']);
    const error = thrown(() => encode({ messages: [{ role: 'system', content: [said('s')] }] }));
    assert.deepEqual([error.class, error.field], ['unsupported', 'messages']);
  });

  test('ids that the service refuses are replaced, each by its own', () => {
    const odd = ['a b', 'x'.repeat(65), 'tooluse_entrepot_1', 'ü'];
    const { messages } = encode({
      messages: [
        user(said('q')),
        assistant(...odd.map(id => call(id))),
        user(...odd.map(id => result(id, 'r'))),
      ],
      tools: [tool],
    }).body;
    const ids = messages[1]!.content.map(
      block => (block.toolUse as { toolUseId: string }).toolUseId,
    );
    const answered = messages[2]!.content.map(
      block => (block.toolResult as { toolUseId: string }).toolUseId,
    );
    assert.deepEqual(answered, ids);
    assert.equal(new Set(ids).size, 4);
    assert.equal(ids[2], 'tooluse_entrepot_1');
    assert.ok(ids.every(id => /^[a-zA-Z0-9_.:-]{1,64}$/.test(id)));
    const mistral = encode(
      { messages: [user(said('q')), assistant(call('call_1'))], tools: [tool] },
      { vendor: 'mistral' },
    ).body.messages[1]!.content[0]!.toolUse;
    assert.match((mistral as { toolUseId: string }).toolUseId, /^[a-zA-Z0-9]{9}$/);
  });

  test('arguments that are no object are told', () => {
    for (const bad of ['{"a":', '[1]', '"x"', `${'['.repeat(500)}${']'.repeat(500)}`]) {
      const { body, lost } = encode({
        messages: [user(said('q')), assistant(call('1', bad))],
        tools: [tool],
      });
      assert.deepEqual(lost, ['messages[1].content[0].argumentsJson'], bad);
      assert.deepEqual((body.messages[1]!.content[0]!.toolUse as { input: unknown }).input, {});
    }
  });

  test('a failed call has its flag where the model takes one, else is told in words', () => {
    const of = (vendor: string): unknown =>
      written([result('1', 'no', true)], { vendor }).body.messages[0]!.content[0]!.toolResult;
    const plain = { toolUseId: '1', content: [{ text: 'no' }] };
    assert.deepEqual(of('anthropic'), { ...plain, status: 'error' });
    assert.deepEqual(of('meta'), { ...plain, content: [{ text: 'Error:' }, { text: 'no' }] });
  });
});

describe('blocks', () => {
  const base64 = (mediaType: string): Block & { type: 'image' } => ({
    type: 'image',
    source: { kind: 'base64', mediaType, data: 'AAAA' },
  });

  test('pictures go by their format; what has none, or no bytes, is lost', () => {
    const url: Block = { type: 'image', source: { kind: 'url', url: 'https://x/a.png' } };
    const file: Block = { type: 'image', source: { kind: 'file-id', fileId: 'f' } };
    const { body, lost } = written([
      base64('image/jpeg'),
      base64('image/jpg'),
      base64('image/bmp'),
      url,
      file,
    ]);
    const jpeg = { image: { format: 'jpeg', source: { bytes: 'AAAA' } } };
    assert.deepEqual(body.messages[0]!.content, [jpeg, jpeg]);
    assert.deepEqual(
      lost,
      [2, 3, 4].map(at => `messages[0].content[${at}]`),
    );
  });

  test('documents have legal names, none twice', () => {
    const pdf = (name?: string): Block => ({
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
      ...(name === undefined ? {} : { name }),
    });
    const long = 'x'.repeat(300);
    const text: Block = {
      type: 'document',
      source: { kind: 'text', mediaType: 'text/x-log', text: 'é' },
    };
    const { body, lost } = written([
      ...[pdf('a  b.pdf'), pdf('a b.pdf'), pdf(), pdf(''), pdf(long), pdf(long), text],
    ]);
    const documents = body.messages[0]!.content.map(
      block => block.document as { name: string; format: string; source: object },
    );
    const names = documents.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 4), ['a b-pdf', 'a b-pdf (2)', 'document', 'document (2)']);
    assert.equal(new Set(names).size, 7);
    assert.ok(names.every(name => /^(?!.*\s\s)[a-zA-Z0-9\s\-()[\]]{1,200}$/.test(name)));
    assert.deepEqual(documents[6], {
      name: 'document (3)',
      format: 'txt',
      source: { bytes: 'w6k=' },
    });
    assert.deepEqual(lost, []);
    const zip: Block = {
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/zip', data: 'AAAA' },
    };
    assert.deepEqual(written([said('a'), zip]).lost, ['messages[0].content[1]']);
  });

  test('sound goes by its format', () => {
    const sound = (mediaType: string): Block => ({
      type: 'audio',
      source: { kind: 'base64', mediaType, data: 'AAAA' },
    });
    const { body, lost } = written([sound('audio/mpeg'), sound('audio/x-wav'), sound('audio/amr')]);
    assert.deepEqual(
      body.messages[0]!.content.map(block => (block.audio as { format: string }).format),
      ['mp3', 'wav'],
    );
    assert.deepEqual(lost, ['messages[0].content[2]']);
  });

  test('thinking goes back to its own vendor alone, signed', () => {
    const blocks: Block[] = [
      { type: 'thinking', text: '', signature: 's', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'AAAA', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'not base64', issuer: 'anthropic' },
      { type: 'thinking', text: 'unsigned' },
      { type: 'thinking', text: 't', signature: 's', issuer: 'google' },
      said('so'),
    ];
    const of = (vendor: string): Written =>
      encode({ messages: [user(said('q')), assistant(...blocks)] }, { vendor });
    const { body, lost } = of('anthropic');
    assert.deepEqual(body.messages[1]!.content, [
      { reasoningContent: { reasoningText: { text: '', signature: 's' } } },
      { reasoningContent: { redactedContent: 'AAAA' } },
      { text: 'so' },
    ]);
    assert.deepEqual(
      lost,
      [2, 3, 4].map(at => `messages[1].content[${at}] minor`),
    );
    assert.equal(of('openai').lost.length, 5);
  });

  test('cache points stand behind what they mark, where the model takes them', () => {
    const cache = { ttl: '1h' } as const;
    const request = {
      messages: [
        { role: 'system' as const, content: [{ ...said('s'), cache } as Block] },
        user({ ...result('1', 'r'), cache: { ttl: '5m' } } as Block, {
          type: 'tool_result',
          callId: '2',
          content: [{ ...said('x'), cache } as Block],
          isError: false,
        }),
      ],
      tools: [{ ...tool, cache }],
    };
    const of = (vendor: string): Body => encode(request, { vendor }).body;
    const hour = { cachePoint: { type: 'default', ttl: '1h' } };
    const usual = { cachePoint: { type: 'default' } };
    const { system, messages, toolConfig } = of('anthropic');
    assert.deepEqual(system, [{ text: 's' }, hour]);
    assert.deepEqual(messages[0]!.content[1], usual);
    assert.deepEqual(messages[0]!.content[3], hour);
    assert.deepEqual((toolConfig as { tools: unknown[] }).tools[1], hour);
    assert.deepEqual(of('amazon').system, [{ text: 's' }, usual]);
    assert.equal((of('amazon').toolConfig as { tools: unknown[] }).tools.length, 1);
    assert.doesNotMatch(JSON.stringify(of('meta')), /cachePoint/);
    assert.deepEqual(encode(request, { vendor: 'anthropic' }).lost, []);
    const ofAmazon = encode(request, { vendor: 'amazon' });
    assert.deepEqual(ofAmazon.lost, ['cache minor', 'tools.cache minor']);
    assert.deepEqual(encode(request, { vendor: 'meta' }).lost, ['cache minor']);
  });

  test('what another dialect alone can say is lost; what this one can is kept whole', () => {
    const foreign: Block = { type: 'native', native: { dialect: 'openai-chat', value: { a: 1 } } };
    const value = { guardContent: { text: { text: 'x' } } };
    const own: Block = { type: 'native', native: { dialect: 'bedrock-converse', value } };
    const cited: Block = {
      type: 'text',
      text: 'c',
      citations: { dialect: 'anthropic-messages', value: [] },
    };
    const { body, lost } = written([foreign, own, cited, call('1')]);
    assert.deepEqual(body.messages[0]!.content, [value, { text: 'c' }]);
    assert.deepEqual(lost, [
      'messages[0].content[0]',
      'messages[0].content[2].citations',
      'messages[0].content[3]',
    ]);
    assert.deepEqual(encode({ messages: [{ ...hello[0]!, name: 'ann' }] }).lost, [
      'messages[0].name',
    ]);
  });
});

describe('tools', () => {
  const config = (request: Partial<CanonicalRequest>): [unknown, readonly string[]] => {
    const { body, lost } = encode(request);
    return [body.toolConfig, lost];
  };
  const spec = (name: string): object => ({
    toolSpec: { name, inputSchema: { json: { type: 'object' } } },
  });
  const two = [tool, { ...tool, name: 'other' }];

  test('the choice, in its own words', () => {
    const choice = (toolChoice: CanonicalRequest['toolChoice']): unknown =>
      config({ tools: two, ...(toolChoice === undefined ? {} : { toolChoice }) })[0];
    const tools = [spec('wx'), spec('other')];
    assert.deepEqual(choice(undefined), { tools });
    assert.deepEqual(choice({ type: 'auto' }), { tools, toolChoice: { auto: {} } });
    assert.deepEqual(choice({ type: 'required' }), { tools, toolChoice: { any: {} } });
    assert.deepEqual(choice({ type: 'named', name: 'wx' }), {
      tools,
      toolChoice: { tool: { name: 'wx' } },
    });
    assert.deepEqual(choice({ type: 'allowed', mode: 'required', names: ['other'] }), {
      tools: [spec('other')],
      toolChoice: { any: {} },
    });
  });

  test('"none" leaves the tools out and is told', () => {
    const request = { tools: [tool], toolChoice: { type: 'none' } } as const;
    assert.deepEqual(config(request), [undefined, ['toolChoice']]);
    assert.deepEqual(config({ toolChoice: { type: 'none' } }), [undefined, []]);
    assert.deepEqual(config({ toolChoice: { type: 'required' } }), [undefined, ['toolChoice']]);
  });

  test('a conversation with calls has a tool, if only one to stand there', () => {
    const messages = [user(said('q')), assistant(call('1')), user(result('1', 'r'))];
    const [toolConfig, lost] = config({ messages });
    assert.equal((toolConfig as { tools: unknown[] }).tools.length, 1);
    assert.deepEqual(lost, []);
  });

  test('a name that the service refuses is refused, wherever it stands', () => {
    for (const name of ['a.b', '', 'x'.repeat(65), 'é']) {
      const defined = thrown(() => encode({ tools: [{ ...tool, name }] }));
      assert.deepEqual([defined.class, defined.field], ['unsupported', 'tools[0].name']);
      const called: Block = { type: 'tool_call', id: '1', name, argumentsJson: '' };
      const inHistory = thrown(() => encode({ messages: [...hello, assistant(called)] }));
      assert.equal(inHistory.field, 'messages[1].content[0].name');
    }
  });

  test('a tool of another dialect is lost, one of this is kept whole', () => {
    const value = { systemTool: { name: 'nova_grounding' } };
    const own = { ...tool, native: { dialect: 'bedrock-converse', value } };
    const foreign = { ...tool, native: { dialect: 'openai-chat', value } };
    assert.deepEqual(config({ tools: [foreign, own] }), [{ tools: [value] }, ['tools[0]']]);
  });
});

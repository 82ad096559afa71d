// Proves how a canonical request is written for an upstream, and that what cannot be carried is
// named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, CanonicalRequest, Message, Tool } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { openaiResponses } from '@entrepot/dialects/openai-responses/dialect';
import { plainTarget } from '../shared/answer-context.ts';

interface Written {
  readonly body: Record<string, unknown> & { readonly input: Record<string, unknown>[] };
  readonly lost: readonly string[];
  /** What is reported without being a reason to refuse. */
  readonly minor: readonly string[];
}

const hello: Message = { role: 'user', content: [{ type: 'text', text: 'hello' }] };
const openai = { vendor: 'openai' } as const;

function encode(request: Partial<CanonicalRequest>, target: Partial<TargetModel> = {}): Written {
  const base = { model: 'm', messages: [hello], stream: false, includeUsage: false };
  const { body, losses } = openaiResponses.encodeRequest(
    { ...base, ...request },
    { ...plainTarget, ...target },
  );
  return {
    body: JSON.parse(String(Buffer.from(body))) as Written['body'],
    lost: losses.filter(loss => loss.isMinor !== true).map(loss => loss.field),
    minor: losses.filter(loss => loss.isMinor === true).map(loss => loss.field),
  };
}

function items(target: Partial<TargetModel>, ...messages: readonly Message[]): Written {
  return encode({ messages }, target);
}

const says = (...content: readonly Block[]): Message => ({ role: 'assistant', content });
const user = (...content: readonly Block[]): Message => ({ role: 'user', content });
const text = (value: string): Block => ({ type: 'text', text: value });
const own = (value: unknown): { dialect: string; value: unknown } => ({
  dialect: 'openai-responses',
  value,
});
const foreign = { dialect: 'anthropic-messages', value: {} };
const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;

describe('the input', () => {
  test('the first system text is the instructions, others stay in their places', () => {
    const system = (value: string): Message => ({ role: 'system', content: [text(value)] });
    const { body, lost } = items(openai, system('a'), { ...system('b'), role: 'developer' }, hello);
    assert.equal(body.instructions, 'a');
    assert.deepEqual(body.input, [
      { type: 'message', role: 'developer', content: 'b' },
      { type: 'message', role: 'user', content: 'hello' },
    ]);
    assert.deepEqual(lost, []);
    const alone = items({}, { ...system('a'), role: 'developer' }).body;
    assert.deepEqual(alone.input, [{ type: 'message', role: 'system', content: 'a' }]);
    assert.equal(items({}, system('a')).body.instructions, undefined, 'nothing follows it');
    const marked: Message = { role: 'system', content: [text('a'), text('b')] };
    assert.equal(items({}, marked, hello).body.instructions, undefined);
  });

  test('each call, answer and thought is an item, in order', () => {
    const signature = JSON.stringify({ id: 'rs_1', encrypted_content: 'gAAAA' });
    const of = { item: own({ id: 'msg_1', phase: 'commentary' }) };
    const { body, lost } = items(
      openai,
      says(
        { type: 'thinking', text: 'Hm', signature, issuer: 'openai' },
        { type: 'text', text: 'Let ', ...of },
        { type: 'refusal', text: 'no', ...of },
        { type: 'tool_call', id: 'c1', name: 'f', argumentsJson: '', item: own({ id: 'fc_1' }) },
        { type: 'tool_call', id: 'c2', name: 'g', argumentsJson: '{"a":1}' },
        text('there'),
      ),
      user(
        { type: 'tool_result', callId: 'c1', content: [text('12')], isError: false },
        { type: 'tool_result', callId: 'c2', content: [text('bad')], isError: true },
        text('thanks'),
      ),
    );
    assert.deepEqual(lost, []);
    assert.deepEqual(body.input, [
      {
        type: 'reasoning',
        id: 'rs_1',
        encrypted_content: 'gAAAA',
        summary: [{ type: 'summary_text', text: 'Hm' }],
      },
      {
        type: 'message',
        id: 'msg_1',
        phase: 'commentary',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'Let ', annotations: [], logprobs: [] },
          { type: 'refusal', refusal: 'no' },
        ],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'function_call', call_id: 'c2', name: 'g', arguments: '{"a":1}' },
      { type: 'message', role: 'assistant', content: 'there' },
      { type: 'function_call_output', call_id: 'c1', output: '12' },
      { type: 'function_call_output', call_id: 'c2', output: 'Error: bad' },
      { type: 'message', role: 'user', content: 'thanks' },
    ]);
  });

  test('an answer of a tool may hold pictures; a failed one without words still says so', () => {
    const image: Block = { type: 'image', source: png };
    const failed: Block = { type: 'tool_result', callId: 'c', content: [image], isError: true };
    const { body } = items({}, user(failed));
    assert.deepEqual(body.input[0]!.output, [
      { type: 'input_text', text: 'Error: ' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
    ]);
  });

  test('parts of every kind, and those that have no place', () => {
    const { body, lost } = items(
      {},
      user(
        { type: 'image', source: { kind: 'url', url: 'https://e.com/a' }, detail: 'high' },
        { type: 'image', source: { kind: 'file-id', fileId: 'file_1' } },
        { type: 'image', source: { kind: 'text', mediaType: 'image/svg+xml', text: '<svg/>' } },
        { type: 'document', source: { ...png, mediaType: 'application/pdf' }, name: 'a.pdf' },
        { type: 'document', source: { kind: 'url', url: 'https://e.com/b' } },
        { type: 'document', source: { kind: 'file-id', fileId: 'file_2' } },
        { type: 'document', source: { kind: 'text', mediaType: 'text/plain', text: 'words' } },
        { type: 'audio', source: { ...png, mediaType: 'audio/wav' } },
        { type: 'native', native: own({ part: { type: 'input_hologram' } }) },
        { type: 'native', native: foreign },
        { type: 'text', text: 'cited', citations: foreign },
      ),
    );
    assert.deepEqual(body.input[0]!.content, [
      { type: 'input_image', image_url: 'https://e.com/a', detail: 'high' },
      { type: 'input_image', file_id: 'file_1', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
      { type: 'input_file', file_url: 'https://e.com/b' },
      { type: 'input_file', file_id: 'file_2' },
      { type: 'input_text', text: 'words' },
      { type: 'input_hologram' },
      { type: 'input_text', text: 'cited' },
    ]);
    assert.deepEqual(lost, [
      'messages[0].content[2]',
      'messages[0].content[7]',
      'messages[0].content[9]',
      'messages[0].content[10].citations',
    ]);
  });

  test('thinking goes back to its maker only', () => {
    const kept = {
      id: 'rs_1',
      encrypted_content: 'g',
      layout: [
        ['summary', 1],
        ['content', 2],
      ],
    };
    const openaiOwn: Block = {
      type: 'thinking',
      text: 'a\n\nbc',
      signature: JSON.stringify(kept),
      issuer: 'openai',
    };
    const claude: Block = { type: 'thinking', text: 'x', signature: 's', issuer: 'anthropic' };
    const redacted: Block = { type: 'redacted_thinking', data: 'd', issuer: 'anthropic' };
    const unsigned: Block = { type: 'thinking', text: 'y' };
    const message = says(openaiOwn, claude, redacted, unsigned);
    const toOpenai = items(openai, message);
    assert.deepEqual(toOpenai.body.input, [
      {
        type: 'reasoning',
        id: 'rs_1',
        encrypted_content: 'g',
        summary: [{ type: 'summary_text', text: 'a' }],
        content: [{ type: 'reasoning_text', text: 'bc' }],
      },
    ]);
    const at = (...places: number[]): string[] =>
      places.map(place => `messages[0].content[${place}]`);
    assert.deepEqual([toOpenai.lost, toOpenai.minor], [[], at(1, 2, 3)]);
    const toOpenWeights = items({ vendor: 'example' }, message);
    assert.deepEqual(toOpenWeights.body.input, [
      { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'y' }] },
    ]);
    assert.deepEqual([toOpenWeights.lost, toOpenWeights.minor], [[], at(0, 1, 2)]);
    const changed = { ...openaiOwn, text: 'shorter' };
    assert.deepEqual(items(openai, says(changed)).body.input[0]!.summary, [
      { type: 'summary_text', text: 'shorter' },
    ]);
    const unknown = { ...openaiOwn, signature: 'not ours' };
    assert.deepEqual(items(openai, says(unknown)).minor, at(0));
    assert.deepEqual(items({ vendor: 'anthropic' }, says(redacted)).minor, at(0));
  });

  test('what has no place in a message is named', () => {
    const native: Block = { type: 'native', native: foreign };
    const cited: Block = { type: 'text', text: 'x', citations: foreign };
    const result: Block = { type: 'tool_result', callId: 'c', content: [native], isError: false };
    const { lost } = items(
      {},
      says(native, cited, { type: 'image', source: png }),
      { ...hello, name: 'ann' },
      user(result, { type: 'tool_call', id: 'c', name: 'f', argumentsJson: '' }),
    );
    assert.deepEqual(lost, [
      'messages[0].content[0]',
      'messages[0].content[1].citations',
      'messages[0].content[2]',
      'messages[1].name',
      'messages[2].content[0].content[0]',
      'messages[2].content[1]',
    ]);
  });

  test('ids of calls are as short as the API wants them, and still match', () => {
    const id = 'x'.repeat(65);
    const { body } = items(
      {},
      says({ type: 'tool_call', id, name: 'f', argumentsJson: '{}' }),
      user({ type: 'tool_result', callId: id, content: [], isError: false }),
    );
    assert.equal(body.input[0]!.call_id, 'call_entrepot_1');
    assert.equal(body.input[1]!.call_id, 'call_entrepot_1');
  });
});

describe('fields', () => {
  test('that this dialect has not are losses, unless they say what happens anyway', () => {
    const { lost } = encode({
      topK: 1,
      stop: ['x'],
      seed: 1,
      candidates: 2,
      frequencyPenalty: 1,
      presencePenalty: 1,
      logitBias: { 1: 1 },
    });
    assert.deepEqual(lost, [
      'topK',
      'stop',
      'seed',
      'candidates',
      'frequencyPenalty',
      'presencePenalty',
      'logitBias',
    ]);
    const plain = {
      stop: [],
      candidates: 1,
      frequencyPenalty: 0,
      presencePenalty: 0,
      logitBias: {},
    };
    assert.deepEqual(encode(plain).lost, []);
    const named = lost.map(field => openaiResponses.fieldName(field));
    assert.deepEqual(named.slice(3, 6), ['n', 'frequency_penalty', 'presence_penalty']);
  });

  test("openai's reasoning models refuse sampling, unless told not to reason", () => {
    const request = { temperature: 0.5, topP: 1, logprobs: { top: 2 } };
    const refused = encode(request, openai);
    assert.deepEqual(refused.lost, ['temperature', 'logprobs']);
    assert.ok(!('temperature' in refused.body) && !('top_p' in refused.body));
    const none = encode({ ...request, reasoning: { mode: 'disabled', effort: 'none' } }, openai);
    assert.deepEqual(none.lost, []);
    assert.equal(none.body.temperature, 0.5);
    assert.equal(none.body.top_logprobs, 2);
    const plain = encode(request, { ...openai, reasoning: false });
    assert.deepEqual(plain.lost, []);
    assert.deepEqual(plain.body.include, ['message.output_text.logprobs']);
  });

  test('limits: at most what the model writes, at least what openai takes', () => {
    const limit = (maxOutputTokens: number, target: Partial<TargetModel>): unknown[] => {
      const { body, lost } = encode({ maxOutputTokens }, target);
      return [body.max_output_tokens, lost];
    };
    assert.deepEqual(limit(100, { maxOutputTokens: 50 }), [50, []]);
    assert.deepEqual(limit(5, {}), [5, []]);
    assert.deepEqual(limit(5, openai), [16, ['maxOutputTokens']]);
    assert.deepEqual(limit(16, openai), [16, []]);
  });

  test('reasoning: effort and summary; a budget becomes an effort and is reported', () => {
    const of = (
      reasoning: CanonicalRequest['reasoning'],
      target: Partial<TargetModel> = {},
    ): unknown[] => {
      const { body, lost } = encode(reasoning === undefined ? {} : { reasoning }, target);
      return [body.reasoning, lost];
    };
    assert.deepEqual(of({ mode: 'enabled', effort: 'xhigh' }), [{ effort: 'xhigh' }, []]);
    assert.deepEqual(of({ mode: 'enabled', display: 'summarized' }), [{ summary: 'auto' }, []]);
    assert.deepEqual(of({ mode: 'enabled', display: 'omitted' }), [undefined, []]);
    assert.deepEqual(of({ mode: 'enabled', display: 'sung' }), [undefined, ['reasoning.display']]);
    const budget = (budgetTokens: number): unknown[] => of({ mode: 'enabled', budgetTokens });
    assert.deepEqual(budget(1024), [{ effort: 'low' }, ['reasoning.budgetTokens']]);
    assert.deepEqual(budget(4096), [{ effort: 'medium' }, ['reasoning.budgetTokens']]);
    assert.deepEqual(budget(4097), [{ effort: 'high' }, ['reasoning.budgetTokens']]);
    assert.deepEqual(of({ mode: 'adaptive' }), [undefined, []]);
    assert.deepEqual(of({ mode: 'disabled' }), [undefined, ['reasoning.mode']]);
    const none = { mode: 'disabled', effort: 'none' } as const;
    assert.deepEqual(of(none), [{ effort: 'none' }, []]);
    const dull = { reasoning: false };
    assert.deepEqual(of({ mode: 'enabled' }, dull), [undefined, ['reasoning']]);
    assert.deepEqual(of({ mode: 'disabled' }, dull), [undefined, []]);
  });

  test('encrypted reasoning is asked of the models that have it', () => {
    const include = (target: Partial<TargetModel>): unknown => encode({}, target).body.include;
    assert.deepEqual(include(openai), ['reasoning.encrypted_content']);
    assert.equal(include({ ...openai, reasoning: false }), undefined);
    assert.equal(include({ ...openai, name: 'openai.gpt-oss-120b' }), undefined);
    assert.equal(include({}), undefined);
  });

  test('nothing is kept unless the caller asked for it', () => {
    const store = (request: Partial<CanonicalRequest>): unknown => encode(request).body.store;
    const kept = (fields: Record<string, unknown>): Partial<CanonicalRequest> => ({
      extensions: { dialect: 'openai-responses', fields },
    });
    assert.equal(store({}), false);
    assert.equal(store({ store: true }), true);
    assert.equal(store(kept({ truncation: 'auto' })), false);
    assert.equal(store(kept({ previous_response_id: 'r' })), undefined);
    assert.equal(store(kept({ background: true })), undefined);
    assert.equal(store(kept({ store: true })), true);
  });

  test('tools, with every key that the API demands', () => {
    const parameters = { type: 'object', properties: {} };
    const tools: Tool[] = [
      { name: 'f', parameters },
      { name: 'g', description: 'd', parameters, strict: true },
      { name: 'sql', parameters, native: own({ type: 'custom', name: 'sql' }) },
      { name: 'bash', parameters, native: foreign },
    ];
    const names = ['f', 'sql'];
    const { body, lost } = encode({
      tools,
      toolChoice: { type: 'allowed', mode: 'auto', names },
      parallelToolCalls: false,
    });
    assert.deepEqual(body.tools, [
      { type: 'function', name: 'f', parameters, strict: false },
      { type: 'function', name: 'g', description: 'd', parameters, strict: true },
      { type: 'custom', name: 'sql' },
    ]);
    assert.deepEqual(body.tool_choice, {
      type: 'allowed_tools',
      mode: 'auto',
      tools: [
        { type: 'function', name: 'f' },
        { type: 'custom', name: 'sql' },
      ],
    });
    assert.equal(body.parallel_tool_calls, false);
    assert.deepEqual(lost, ['tools[3]']);
    const named = encode({ tools, toolChoice: { type: 'named', name: 'f' } }).body.tool_choice;
    assert.deepEqual(named, { type: 'function', name: 'f' });
    assert.deepEqual(encode({ toolChoice: { type: 'required' } }).lost, ['toolChoice']);
    assert.deepEqual(encode({ toolChoice: { type: 'auto' }, parallelToolCalls: true }).lost, []);
  });

  test('the format of the answer', () => {
    const schema = { type: 'object' };
    const format = { type: 'json_schema', schema } as const;
    const { body } = encode({
      responseFormat: format,
      extensions: { dialect: 'openai-responses', fields: { text: { verbosity: 'low' } } },
    });
    const written = { type: 'json_schema', name: 'response', schema };
    assert.deepEqual(body.text, { verbosity: 'low', format: written });
    const refused = encode({ responseFormat: format }, { jsonSchema: false });
    assert.deepEqual(refused.lost, ['responseFormat']);
    const object = encode({ responseFormat: { type: 'json_object' } }, { jsonSchema: false });
    assert.deepEqual(object.body.text, { format: { type: 'json_object' } });
  });

  test('the account', () => {
    const { body, lost } = encode(
      {
        user: 'u',
        metadata: { a: 'b' },
        serviceTier: 'standard_only',
        promptCacheKey: 'k',
        stream: true,
      },
      openai,
    );
    assert.deepEqual(
      [body.user, body.metadata, body.service_tier, body.prompt_cache_key, body.stream],
      ['u', { a: 'b' }, 'default', 'k', true],
    );
    assert.deepEqual(lost, []);
    assert.deepEqual(encode({ serviceTier: 'royal' }).lost, ['serviceTier']);
    assert.equal(encode({ promptCacheKey: 'k' }).body.prompt_cache_key, undefined);
  });

  test('extensions of another dialect are losses, under the names their caller knows', () => {
    const extensions = { dialect: 'openai-chat', fields: { verbosity: 'low' } };
    const { lost } = encode({ extensions });
    assert.deepEqual(lost, ['extensions.verbosity']);
    const names: readonly (readonly [string, string])[] = [
      ['extensions.verbosity', 'verbosity'],
      ['messages[2].content[0]', 'input'],
      ['maxOutputTokens', 'max_output_tokens'],
      ['responseFormat', 'text.format'],
      ['reasoning', 'reasoning'],
      ['reasoning.display', 'reasoning.summary'],
      ['reasoning.budgetTokens', 'reasoning'],
      ['tools[3]', 'tools'],
      ['toolChoice', 'tool_choice'],
      ['user', 'user'],
      ['constructor', 'constructor'],
    ];
    for (const [path, name] of names) assert.equal(openaiResponses.fieldName(path), name);
  });
});

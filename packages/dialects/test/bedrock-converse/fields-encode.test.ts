// Proves how the fields of a request that steer the answer are written for an upstream, vendor by
// vendor, and that each that cannot be is named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type { Block, CanonicalRequest, Message } from '@entrepot/dialects/canonical';
import type { TargetModel } from '@entrepot/dialects/dialect';
import { plainTarget } from '../shared/answer-context.ts';

interface Written {
  readonly body: Record<string, unknown>;
  readonly lost: readonly string[];
}

const hello: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }];
const claude: Partial<TargetModel> = { vendor: 'anthropic' };

function encode(request: Partial<CanonicalRequest>, target: Partial<TargetModel> = {}): Written {
  const whole = { model: 'm', messages: hello, stream: false, includeUsage: false, ...request };
  const { body, losses } = bedrockConverse.encodeRequest(whole, { ...plainTarget, ...target });
  const { messages: _, ...rest } = JSON.parse(String(body)) as Record<string, unknown>;
  return { body: rest, lost: losses.map(loss => loss.field) };
}

describe('sampling', () => {
  test('every field with a place has it', () => {
    const request = { maxOutputTokens: 9, temperature: 0.5, topP: 0.9, stop: ['END'] };
    assert.deepEqual(encode(request), {
      body: {
        inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
      },
      lost: [],
    });
    assert.deepEqual(encode({ maxOutputTokens: 99 }, { maxOutputTokens: 50 }).body, {
      inferenceConfig: { maxTokens: 50 },
    });
  });

  test('what has none is named, unless it says what is so anyway', () => {
    const { body, lost } = encode({
      candidates: 2,
      logprobs: { top: 1 },
      seed: 1,
      frequencyPenalty: 1,
      presencePenalty: -1,
      logitBias: { 1: 1 },
      topK: 4,
      store: true,
      temperature: 1.5,
      maxOutputTokens: 0,
      stop: [' ', 'x'],
      extensions: { dialect: 'openai-chat', fields: { verbosity: 'low', stream_options: {} } },
    });
    assert.deepEqual([...lost].sort(), [
      'candidates',
      'extensions.verbosity',
      'frequencyPenalty',
      'logitBias',
      'logprobs',
      'maxOutputTokens',
      'presencePenalty',
      'seed',
      'stop[0]',
      'store',
      'temperature',
      'topK',
    ]);
    assert.deepEqual(body, {
      inferenceConfig: { maxTokens: 1, temperature: 1, stopSequences: ['x'] },
    });
    const harmless = { candidates: 1, frequencyPenalty: 0, logitBias: {}, store: false };
    assert.deepEqual(encode(harmless), { body: {}, lost: [] });
    assert.deepEqual(encode({ promptCacheKey: 'k' }), { body: {}, lost: ['promptCacheKey'] });
  });

  test("top_k stands where each vendor's models have it", () => {
    const of = (vendor: string): unknown => encode({ topK: 5 }, { vendor }).body;
    assert.deepEqual(of('anthropic'), { additionalModelRequestFields: { top_k: 5 } });
    assert.deepEqual(of('amazon'), {
      additionalModelRequestFields: { inferenceConfig: { topK: 5 } },
    });
  });

  test('Claude is asked which sequence stopped it', () => {
    const { body } = encode({ stop: ['END'] }, claude);
    assert.deepEqual(body.additionalModelResponseFieldPaths, [
      '/stop_sequence',
      '/delta/stop_sequence',
    ]);
  });

  test('a model with values of its own is told no others', () => {
    const request = { temperature: 0.5, topP: 0.5, topK: 1 };
    const { body, lost } = encode(request, { ...claude, rejectsSampling: true });
    assert.deepEqual(body, {});
    assert.deepEqual(lost, ['temperature', 'topP', 'topK']);
    const own = encode({ temperature: 1, topP: 1 }, { ...claude, rejectsSampling: true });
    assert.deepEqual(own, { body: {}, lost: [] });
  });
});

describe('reasoning', () => {
  const fields = (
    reasoning: CanonicalRequest['reasoning'],
    target: Partial<TargetModel>,
    more: Partial<CanonicalRequest> = {},
  ): [unknown, readonly string[]] => {
    const { body, lost } = encode({ ...more, reasoning: reasoning! }, target);
    return [body.additionalModelRequestFields, lost];
  };

  test('of Claude: a budget as it is, an effort as the model takes it', () => {
    assert.deepEqual(fields({ mode: 'enabled', budgetTokens: 3000, display: 'omitted' }, claude), [
      { thinking: { type: 'enabled', budget_tokens: 3000, display: 'omitted' } },
      [],
    ]);
    assert.deepEqual(fields({ mode: 'enabled', effort: 'high' }, claude), [
      { thinking: { type: 'enabled', budget_tokens: 4096 } },
      [],
    ]);
    const newer = { ...claude, adaptiveThinking: true };
    assert.deepEqual(fields({ mode: 'enabled', effort: 'minimal' }, newer), [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      [],
    ]);
    assert.deepEqual(fields({ mode: 'adaptive' }, claude), [
      { thinking: { type: 'adaptive' } },
      [],
    ]);
    assert.deepEqual(fields({ mode: 'disabled', effort: 'none' }, claude), [
      { thinking: { type: 'disabled' } },
      [],
    ]);
  });

  test('of Claude: what does not go with it is told', () => {
    const on = { mode: 'enabled', budgetTokens: 2000 } as const;
    const thinking = { thinking: { type: 'enabled', budget_tokens: 2000 } };
    assert.deepEqual(fields(on, claude, { temperature: 0.2, topP: 0.5, topK: 3 }), [
      thinking,
      ['temperature', 'topP', 'topK'],
    ]);
    assert.deepEqual(fields(on, claude, { temperature: 1, topP: 0.99 }), [thinking, []]);
    assert.deepEqual(fields(on, claude, { maxOutputTokens: 1500 }), [
      { thinking: { type: 'enabled', budget_tokens: 1499 } },
      ['reasoning.budgetTokens'],
    ]);
    assert.deepEqual(fields(on, claude, { maxOutputTokens: 500 }), [undefined, ['reasoning']]);
    const tools = [{ name: 'f', parameters: { type: 'object' } }];
    const forced = { tools, toolChoice: { type: 'required' } } as const;
    assert.deepEqual(fields(on, claude, forced), [undefined, ['reasoning']]);
    assert.deepEqual(fields(on, { ...claude, reasoning: false }), [undefined, ['reasoning']]);
    const call: Block = { type: 'tool_call', id: '1', name: 'f', argumentsJson: '' };
    const answer: Block = { type: 'tool_result', callId: '1', content: [], isError: false };
    const messages: Message[] = [
      ...hello,
      { role: 'assistant', content: [call] },
      { role: 'user', content: [answer] },
    ];
    assert.deepEqual(fields(on, claude, { tools, messages }), [undefined, ['reasoning']]);
  });

  test('of others: their own fields, or a loss', () => {
    const effort = { mode: 'enabled', effort: 'xhigh' } as const;
    const budget = { mode: 'enabled', budgetTokens: 2000 } as const;
    const off = { mode: 'disabled' } as const;
    assert.deepEqual(fields(effort, { vendor: 'openai' }), [{ reasoning_effort: 'xhigh' }, []]);
    assert.deepEqual(fields(budget, { vendor: 'openai' }), [
      { reasoning_effort: 'medium' },
      ['reasoning.budgetTokens'],
    ]);
    assert.deepEqual(fields(off, { vendor: 'openai' }), [undefined, ['reasoning']]);
    assert.deepEqual(fields(effort, { vendor: 'amazon' }), [
      { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } },
      [],
    ]);
    assert.deepEqual(fields(off, { vendor: 'amazon' }), [
      { reasoningConfig: { type: 'disabled' } },
      [],
    ]);
    assert.deepEqual(fields(effort, { vendor: 'deepseek' }), [undefined, ['reasoning']]);
    assert.deepEqual(fields({ mode: 'enabled' }, { vendor: 'deepseek' }), [undefined, []]);
    assert.deepEqual(fields({ ...effort, display: 'summarized' }, { vendor: 'openai' })[1], [
      'reasoning.display',
    ]);
  });
});

describe('the form of the answer', () => {
  test('a schema is a string here', () => {
    const schema = { type: 'object', properties: {} };
    const responseFormat = { type: 'json_schema', name: 'n', description: 'd', schema } as const;
    const { body, lost } = encode({ responseFormat });
    const jsonSchema = { schema: JSON.stringify(schema), name: 'n', description: 'd' };
    assert.deepEqual(body, {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } },
    });
    assert.deepEqual(lost, []);
    assert.deepEqual(encode({ responseFormat }, { jsonSchema: false }), {
      body: {},
      lost: ['responseFormat'],
    });
    assert.deepEqual(encode({ responseFormat: { type: 'json_object' } }).lost, ['responseFormat']);
    assert.deepEqual(encode({ responseFormat: { type: 'text' } }), { body: {}, lost: [] });
  });
});

describe('the account', () => {
  test('tiers of the service, and words of others for its own choice', () => {
    const of = (serviceTier: string): [unknown, readonly string[]] => {
      const { body, lost } = encode({ serviceTier });
      return [body.serviceTier, lost];
    };
    assert.deepEqual(of('flex'), [{ type: 'flex' }, []]);
    assert.deepEqual(of('priority'), [{ type: 'priority' }, []]);
    for (const tier of ['auto', 'standard_only']) assert.deepEqual(of(tier), [undefined, []]);
    assert.deepEqual(of('scale'), [undefined, ['serviceTier']]);
  });

  test('labels that fit the rules of the log are written', () => {
    const of = (request: Partial<CanonicalRequest>): [unknown, readonly string[]] => {
      const { body, lost } = encode(request);
      return [body.requestMetadata, lost];
    };
    assert.deepEqual(of({ metadata: { team: 'a b' }, user: 'u-1' }), [
      { user: 'u-1', team: 'a b' },
      [],
    ]);
    assert.deepEqual(of({ metadata: { team: '{}' } }), [undefined, ['metadata']]);
    assert.deepEqual(of({ metadata: { '': 'x' } }), [undefined, ['metadata']]);
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, 'v']));
    assert.deepEqual(of({ metadata: many }), [undefined, ['metadata']]);
    assert.deepEqual(of({ metadata: { user: 'm' }, user: 'u' }), [{ user: 'u' }, ['metadata']]);
    const [labels, lost] = of({ user: '{"device":"d"}' });
    assert.match((labels as { user: string }).user, /^[0-9a-f]{64}$/);
    assert.deepEqual(lost, []);
  });

  test("this dialect's own fields go through, joined with ours", () => {
    const { body, lost } = encode(
      {
        topK: 3,
        extensions: {
          dialect: 'bedrock-converse',
          fields: {
            guardrailConfig: { a: 1 },
            additionalModelRequestFields: { anthropic_beta: [] },
          },
        },
      },
      claude,
    );
    assert.deepEqual(body, {
      guardrailConfig: { a: 1 },
      additionalModelRequestFields: { anthropic_beta: [], top_k: 3 },
    });
    assert.deepEqual(lost, []);
  });
});

test('every field of a request has a name here', () => {
  const names: readonly (readonly [string, string])[] = [
    ['maxOutputTokens', 'inferenceConfig.maxTokens'],
    ['stop[0]', 'inferenceConfig.stopSequences'],
    ['tools[3].name', 'toolConfig.tools'],
    ['toolChoice', 'toolConfig.toolChoice'],
    ['reasoning.effort', 'additionalModelRequestFields.output_config.effort'],
    ['reasoning.mode', 'additionalModelRequestFields.thinking'],
    ['messages[2].content[0]', 'messages'],
    ['extensions.guardrailConfig', 'guardrailConfig'],
    ['user', 'requestMetadata.user'],
    ['constructor', 'constructor'],
  ];
  for (const [path, name] of names) assert.equal(bedrockConverse.fieldName(path), name);
});

// What an answer says to somebody who reads its JSON by the vendor's documentation and knows
// nothing of our codecs: the judge of what went in and of what came out.

import type { DialectName } from '@entrepot/dialects/dialect';
import { argumentsOf, type Fields, fieldsAt, numberOf, objectOf, textOf } from './fields.ts';
import { wholeOf } from './gathered.ts';

/**
 * `blocked` is a refusal as well as a filter: dialects do not tell them apart alike. `other` is
 * what only one of them can say.
 */
export type Finish = 'end' | 'length' | 'tool_call' | 'blocked' | 'other';

export interface Told {
  /** What is said to the user, a refusal included; no thinking. */
  readonly text: string;
  /** Name and arguments of each call of a tool of the caller's, in order. */
  readonly calls: readonly (readonly [string, unknown])[];
  readonly finish: Finish;
  readonly usage: ToldUsage | null;
}

/** Input with what was read from and written to a cache; output with reasoning. */
export interface ToldUsage {
  readonly input: number;
  readonly cachedRead: number;
  readonly output: number;
}

type Reader = (whole: Fields) => Told;

/** Reads a whole answer, or the bytes of a stream put together. */
export function toldBy(dialect: DialectName, body: Buffer, stream: boolean): Told {
  const whole = stream ? wholeOf(dialect, body) : (JSON.parse(body.toString()) as Fields);
  return readers[dialect]!(whole);
}

const readers: Partial<Readonly<Record<DialectName, Reader>>> = {
  'openai-chat': chat,
  'openai-responses': responses,
  'anthropic-messages': messages,
  'bedrock-converse': converse,
  gemini,
};

function chat(whole: Fields): Told {
  const [choice = {}] = fieldsAt(whole, 'choices');
  const message = objectOf(choice.message);
  const calls = fieldsAt(message, 'tool_calls').map(call => objectOf(call.function));
  const usage = objectOf(whole.usage);
  const input = numberOf(usage.prompt_tokens);
  // Some hosts leave reasoning out of the completion, and have it in the total.
  const output = Math.max(numberOf(usage.completion_tokens), numberOf(usage.total_tokens) - input);
  const details = objectOf(usage.prompt_tokens_details);
  const finish = finishOf(chatFinishes, choice.finish_reason || 'stop');
  return {
    text: textOf(message.content) + textOf(message.refusal),
    calls: calls.map(({ name, arguments: text }) => [textOf(name), argumentsOf(text)]),
    finish: finish === 'end' && calls.length > 0 ? 'tool_call' : finish,
    usage: whole.usage ? { input, cachedRead: numberOf(details.cached_tokens), output } : null,
  };
}

const chatFinishes: Readonly<Record<string, Finish>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'tool_call',
  function_call: 'tool_call',
  content_filter: 'blocked',
};

function responses(whole: Fields): Told {
  const output = fieldsAt(whole, 'output');
  const parts = output.filter(({ type }) => type === 'message').flatMap(partsOf);
  const calls = output.filter(({ type }) => type === 'function_call');
  const usage = objectOf(whole.usage);
  const details = objectOf(usage.input_tokens_details);
  const refused = parts.some(({ type }) => type === 'refusal');
  const reason = objectOf(whole.incomplete_details).reason;
  return {
    text: parts.map(part => textOf(part.text) + textOf(part.refusal)).join(''),
    calls: calls.map(({ name, arguments: text }) => [textOf(name), argumentsOf(text)]),
    finish:
      whole.status === 'completed' || whole.status === 'complete'
        ? calls.length > 0
          ? 'tool_call'
          : refused
            ? 'blocked'
            : 'end'
        : finishOf({ max_output_tokens: 'length', content_filter: 'blocked' }, reason),
    usage: whole.usage
      ? {
          input: numberOf(usage.input_tokens),
          cachedRead: numberOf(details.cached_tokens),
          output: numberOf(usage.output_tokens),
        }
      : null,
  };
}

function partsOf(item: Fields): readonly Fields[] {
  return fieldsAt(item, 'content');
}

function messages(whole: Fields): Told {
  const content = fieldsAt(whole, 'content');
  const calls = content.filter(
    ({ type, caller }) => type === 'tool_use' && (objectOf(caller).type ?? 'direct') === 'direct',
  );
  const usage = objectOf(whole.usage);
  const compacted = fieldsAt(usage, 'iterations').filter(({ type }) => type === 'compaction');
  const sum = (rows: readonly Fields[], ...keys: readonly string[]): number =>
    rows.reduce((all, row) => keys.reduce((part, key) => part + numberOf(row[key]), all), 0);
  const finish = finishOf(messageFinishes, whole.stop_reason);
  const input = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];
  return {
    text: content.map(({ type, text }) => (type === 'text' ? textOf(text) : '')).join(''),
    calls: calls.map(({ name, input: value }) => [textOf(name), value]),
    // A call that code of the vendor's makes is for this dialect alone.
    finish: finish === 'tool_call' && calls.length === 0 ? 'other' : finish,
    usage: {
      input: sum([usage], ...input) + sum(compacted, 'input_tokens'),
      cachedRead: numberOf(usage.cache_read_input_tokens),
      output: sum([usage, ...compacted], 'output_tokens'),
    },
  };
}

const messageFinishes: Readonly<Record<string, Finish>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  pause_turn: 'end',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  refusal: 'blocked',
};

function converse(whole: Fields): Told {
  const blocks = fieldsAt(objectOf(objectOf(whole.output).message), 'content');
  const calls = blocks
    .map(({ toolUse }) => objectOf(toolUse))
    .filter(({ toolUseId, type }) => toolUseId !== undefined && type !== 'server_tool_use');
  const usage = objectOf(whole.usage);
  const cachedRead = numberOf(usage.cacheReadInputTokens);
  const written = numberOf(usage.cacheWriteInputTokens);
  const text = blocks.map(({ text: plain, citationsContent }) => [
    textOf(plain),
    ...fieldsAt(objectOf(citationsContent), 'content').map(p => textOf(p.text)),
  ]);
  return {
    text: text.flat().join(''),
    calls: calls.map(({ name, input }) => [textOf(name), input]),
    finish: finishOf(converseFinishes, whole.stopReason),
    usage: whole.usage
      ? {
          input: numberOf(usage.inputTokens) + cachedRead + written,
          cachedRead,
          output: numberOf(usage.outputTokens),
        }
      : null,
  };
}

const converseFinishes: Readonly<Record<string, Finish>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  guardrail_intervened: 'blocked',
  content_filtered: 'blocked',
};

function gemini(whole: Fields): Told {
  const [candidate = {}] = fieldsAt(whole, 'candidates');
  const parts = fieldsAt(objectOf(candidate.content), 'parts');
  const said = parts.filter(({ thought }) => thought !== true);
  const calls = parts.map(part => objectOf(part.functionCall)).filter(({ name }) => name);
  const usage = objectOf(whole.usageMetadata);
  const output = numberOf(usage.candidatesTokenCount) + numberOf(usage.thoughtsTokenCount);
  const input = numberOf(usage.promptTokenCount) + numberOf(usage.toolUsePromptTokenCount);
  const finish = finishOf(geminiFinishes, candidate.finishReason);
  return {
    text: said.map(({ text }) => textOf(text)).join(''),
    calls: calls.map(({ name, args }) => [textOf(name), args ?? {}]),
    finish: finish === 'end' && calls.length > 0 ? 'tool_call' : finish,
    usage: whole.usageMetadata
      ? { input, cachedRead: numberOf(usage.cachedContentTokenCount), output }
      : null,
  };
}

const geminiFinishes: Readonly<Record<string, Finish>> = {
  STOP: 'end',
  MAX_TOKENS: 'length',
  SAFETY: 'blocked',
  PROHIBITED_CONTENT: 'blocked',
  BLOCKLIST: 'blocked',
  SPII: 'blocked',
  RECITATION: 'blocked',
};

function finishOf(finishes: Readonly<Record<string, Finish>>, raw: unknown): Finish {
  return finishes[textOf(raw)] ?? 'other';
}

// How models of meta and mistral speak by InvokeModel: a prompt as one text, an answer as one text,
// counted in headers and in the last event of a stream. What is not theirs is refused.
// (docs.aws.amazon.com/bedrock/latest/userguide, "Meta Llama models", "Mistral AI text completion",
// seen 2026-11-24; recordings of 2024)

import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import type {
  CanonicalRequest,
  CanonicalResponse,
  StreamEvent,
} from '@entrepot/dialects/canonical';
import { type Dialect, DialectError, type PathFields } from '@entrepot/dialects/dialect';
import { invocationMetrics, runtimeFailures } from './bedrock-speech.ts';
import { chunkFrame } from './event-frame.ts';
import type { AnswerFacts, Speech } from './face.ts';

interface Form {
  /** Members of the body, by the fields of Converse's `inferenceConfig`; `prompt` besides. */
  readonly settings: Readonly<Record<string, string>>;
  whole(text: string, stop: string, facts: Counted): object;
  /** `stop` null: the answer goes on. */
  event(text: string, stop: string | null, facts: Counted): object;
}

interface Counted {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const llama: Form = {
  settings: { max_gen_len: 'maxTokens', temperature: 'temperature', top_p: 'topP' },
  whole: (generation, stop_reason, { inputTokens, outputTokens }) => ({
    generation,
    prompt_token_count: inputTokens,
    generation_token_count: outputTokens,
    stop_reason,
  }),
  event: (generation, stop_reason, { outputTokens }) => ({
    generation,
    prompt_token_count: null,
    generation_token_count: outputTokens,
    stop_reason,
  }),
};

const mistral: Form = {
  settings: {
    max_tokens: 'maxTokens',
    temperature: 'temperature',
    top_p: 'topP',
    top_k: '',
    stop: 'stopSequences',
  },
  whole: (text, stop_reason) => ({ outputs: [{ text, stop_reason }] }),
  event: (text, stop_reason) => ({ outputs: [{ text, stop_reason }] }),
};

const textsOf = ({ candidates }: CanonicalResponse): string =>
  (candidates[0]?.content ?? []).map(block => (block.type === 'text' ? block.text : '')).join('');

function dialectOf(form: Form): Dialect {
  return {
    ...bedrockConverse,
    decodeRequest: (body, path) => decode(form, body, path!),
    encodeResponse: response => {
      const { usage } = response;
      const stop = stopWord(response.candidates[0]!.stop.reason);
      const answer = form.whole(textsOf(response), stop, usage!);
      return { body: Buffer.from(JSON.stringify(answer)), losses: [] };
    },
    encoder: () => {
      const counted = { inputTokens: 0, outputTokens: 0 };
      return { push: event => Buffer.from(eventText(form, event, counted)), losses: [] };
    },
  };
}

function eventText(form: Form, event: StreamEvent, counted: { outputTokens: number }): string {
  const facts = { inputTokens: 0, ...counted };
  if (event.type === 'block_delta') {
    counted.outputTokens++;
    return JSON.stringify(form.event(event.text, null, facts));
  }
  if (event.type !== 'stop') return '';
  return JSON.stringify(form.event('', stopWord(event.stop.reason), facts));
}

function stopWord(reason: string): string {
  return reason === 'length' ? 'length' : 'stop';
}

/** Throws DialectError in the words of the service. */
function decode(form: Form, bytes: Uint8Array, path: PathFields): CanonicalRequest {
  const body = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
  const { prompt, ...settings } = body;
  if (typeof prompt !== 'string') throw malformed('#: required key [prompt] not found');
  const inferenceConfig: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const known = form.settings[name];
    if (known === undefined) throw malformed(`#: extraneous key [${name}] is not permitted`);
    if (known !== '') inferenceConfig[known] = value;
  }
  const messages = [{ role: 'user', content: [{ text: prompt }] }];
  const converse = Buffer.from(JSON.stringify({ messages, inferenceConfig }));
  return bedrockConverse.decodeRequest(converse, path);
}

function malformed(problem: string): DialectError {
  const message = `Malformed input request: ${problem}, please reformat your input and try again.`;
  return new DialectError({ class: 'invalid_request', message });
}

function speechOf(form: Form): Speech {
  return {
    ...runtimeFailures,
    dialect: dialectOf(form),
    encryptsThinking: false,
    check: () => null,
    responseId: () => '',
    finish: body => body,
    finishEvent: (bytes, _isFirst, facts) => chunkFrame(withMetrics(bytes, facts)),
    headers: ({ usage, processingMs }) => ({
      'x-amzn-bedrock-input-token-count': String(usage.inputTokens),
      'x-amzn-bedrock-output-token-count': String(usage.outputTokens),
      'x-amzn-bedrock-invocation-latency': String(Math.round(processingMs)),
    }),
  };
}

/** The last event, which says why the answer ended, is the one that counts. */
function withMetrics(bytes: Uint8Array, facts: AnswerFacts): string {
  const json = Buffer.from(bytes).toString();
  const isLast = /"stop_reason":"/.test(json);
  return isLast ? json.replace(/}$/, `,${invocationMetrics(facts)}}`) : json;
}

const speeches: readonly (readonly [RegExp, Speech])[] = [
  [/\bmeta\.llama/, speechOf(llama)],
  [/\bmistral\./, speechOf(mistral)],
];

/** null for a model that is not simulated in its own form. */
export function nativeSpeech(model: string): Speech | null {
  return speeches.find(([pattern]) => pattern.test(model))?.[1] ?? null;
}

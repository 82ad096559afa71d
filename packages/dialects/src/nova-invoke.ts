// Amazon Nova's own form of a request and its answers, as InvokeModel carries them: Converse's in
// all but the names of a few fields, its events in chunks. Each is turned into the other here, so
// that the dialect sees Converse. (docs.aws.amazon.com/nova, "Complete request schema"; recordings
// of 2025)

import { chunkFrame, eventName } from './bedrock-frames.ts';
import { EventStreamFramer, type EventStreamMessage, MessageReader } from './event-stream.ts';
import { badField, isObject, type JsonObject, parseJsonObject } from './json.ts';
import { bytesOf, joinBytes, textOf } from './utf8.ts';

const sameInBoth = ['messages', 'system', 'toolConfig'];
const known: ReadonlySet<string> = new Set([...sameInBoth, 'schemaVersion', 'inferenceConfig']);

/** Nova's name, its other spelling, and Converse's; null where Converse has none. */
const inference: readonly (readonly [string, string, string | null])[] = [
  ['max_new_tokens', 'maxTokens', 'maxTokens'],
  ['top_p', 'topP', 'topP'],
  ['temperature', 'temperature', 'temperature'],
  ['stopSequences', 'stop_sequences', 'stopSequences'],
  ['top_k', 'topK', null],
];

/**
 * The body of Converse that asks for the same. Throws DialectError (invalid_request) for what
 * Nova's form does not have, and for what it has and Converse has not.
 */
export function novaToConverse(body: Uint8Array): Uint8Array {
  const asked = parseJsonObject(body, 'invalid_request');
  const strange = Object.keys(asked).find(key => !known.has(key));
  if (strange !== undefined) {
    throw badField(strange, 'it is not carried in this form; ask by converse instead');
  }
  const { schemaVersion = 'messages-v1', inferenceConfig = {} } = asked;
  if (schemaVersion !== 'messages-v1') throw badField('schemaVersion', 'expected "messages-v1"');
  if (!isObject(inferenceConfig)) throw badField('inferenceConfig', 'expected an object');
  const same = sameInBoth.flatMap(key => (asked[key] === undefined ? [] : [[key, asked[key]]]));
  const converse = { ...Object.fromEntries(same), ...inferenceOf(inferenceConfig) };
  return bytesOf(JSON.stringify(converse));
}

function inferenceOf(config: JsonObject): JsonObject {
  const strange = Object.keys(config).find(key => !inference.some(names => names.includes(key)));
  if (strange !== undefined) {
    const why = 'it is not carried in this form; ask by converse instead';
    throw badField(`inferenceConfig.${strange}`, why);
  }
  const own: Record<string, unknown> = {};
  for (const [name, other, converse] of inference) {
    const value = config[name] ?? config[other];
    if (value !== undefined && converse !== null) own[converse] = value;
  }
  const topK = config.top_k ?? config.topK;
  if (topK === undefined) return { inferenceConfig: own };
  const additionalModelRequestFields = { inferenceConfig: { topK } };
  return { inferenceConfig: own, additionalModelRequestFields };
}

/** A whole answer of Converse as Nova says it. */
export function converseToNova(body: Uint8Array): Uint8Array {
  return bytesOf(JSON.stringify(withNovaUsage(parseJsonObject(body, 'upstream'))));
}

const usageNames: ReadonlyMap<string, string> = new Map([
  ['cacheReadInputTokens', 'cacheReadInputTokenCount'],
  ['cacheWriteInputTokens', 'cacheWriteInputTokenCount'],
]);

function withNovaUsage(answer: JsonObject): JsonObject {
  if (!isObject(answer.usage)) return answer;
  const entries = Object.entries(answer.usage);
  const usage = Object.fromEntries(entries.map(([key, n]) => [usageNames.get(key) ?? key, n]));
  return { ...answer, usage };
}

/** Bytes of a ConverseStream to bytes of Nova's chunks; they may be split anywhere. */
export class ConverseToChunks {
  readonly #framer = new EventStreamFramer();
  readonly #messages = new MessageReader();

  /** The chunks of the events that are whole now. */
  push(bytes: Uint8Array): Uint8Array {
    const frames = this.#framer.push(bytes);
    // An exception is the same in both.
    const chunks = Array.from(frames, frame => chunkOf(this.#messages.read(frame)) ?? frame);
    return joinBytes(chunks);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }
}

/** null for an exception. */
function chunkOf(message: EventStreamMessage): Uint8Array | null {
  const name = eventName(message);
  if (name === null) return null;
  const payload =
    name === 'metadata'
      ? JSON.stringify(withNovaUsage(parseJsonObject(message.payload, 'upstream')))
      : textOf(message.payload);
  return chunkFrame(`{${JSON.stringify(name)}:${payload}}`);
}

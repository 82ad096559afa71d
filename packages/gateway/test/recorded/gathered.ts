// The events of a stream put together to the whole answer that they are of, by the vendor's
// documentation and without our codecs: as an SDK would, in the form that an answer without stream
// has.

import type { DialectName } from '@entrepot/dialects/dialect';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { argumentsOf, type Fields, fieldsAt, numberOf, objectOf, textOf } from './fields.ts';
import { withWholeArgs } from './partial-args.ts';

/** The whole answer of the bytes of a stream. */
export function wholeOf(dialect: DialectName, body: Buffer): Fields {
  if (dialect === 'bedrock-converse') return converse(framesOf(body));
  const events = eventsOf(body);
  switch (dialect) {
    case 'openai-chat':
      return chat(events);
    case 'openai-responses':
      return objectOf(events.findLast(event => event.response !== undefined)?.response);
    case 'anthropic-messages':
      return messages(events);
    case 'gemini':
      return gemini(events);
    default:
      throw new Error(`no stream of ${dialect} is read here`);
  }
}

/** The data of each event, but for what is no JSON. */
export function eventsOf(body: Buffer): readonly Fields[] {
  const blocks = body.toString().replaceAll('\r\n', '\n').split('\n\n');
  return blocks.flatMap(block => {
    const lines = block.split('\n').filter(line => line.startsWith('data:'));
    const data = lines.map(line => line.slice('data:'.length).trimStart()).join('\n');
    try {
      return [JSON.parse(data) as Fields];
    } catch {
      return [];
    }
  });
}

/** The events that InvokeModel carries in frames, as the bytes of the stream that they are of. */
export function unframed(body: Buffer): Buffer {
  const events = framesOf(body).map(([, { bytes }]) => Buffer.from(textOf(bytes), 'base64'));
  const texts = events.map(event => {
    const { type } = JSON.parse(event.toString()) as { type: string };
    return `event: ${type}\ndata: ${event}\n\n`;
  });
  return Buffer.from(texts.join(''));
}

/** Names and payloads of the frames, by Amazon's own codec. */
export function framesOf(body: Buffer): readonly (readonly [string, Fields])[] {
  const text = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString();
  const codec = new EventStreamCodec(text, value => Buffer.from(value));
  const frames: (readonly [string, Fields])[] = [];
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at);
    const { headers, body: payload } = codec.decode(body.subarray(at, at + length));
    const name = headers[':event-type'] ?? headers[':exception-type'];
    frames.push([String(name?.value), JSON.parse(text(payload)) as Fields]);
    at += length;
  }
  return frames;
}

interface Call {
  name: string;
  text: string;
}

function chat(chunks: readonly Fields[]): Fields {
  const choices = chunks
    .flatMap(chunk => fieldsAt(chunk, 'choices'))
    .filter(choice => numberOf(choice.index) === 0);
  const calls: { id: unknown; place: unknown; call: Call }[] = [];
  let content = '';
  let refusal = '';
  for (const choice of choices) {
    const delta = objectOf(choice.delta);
    content += textOf(delta.content);
    refusal += textOf(delta.refusal);
    for (const part of fieldsAt(delta, 'tool_calls')) {
      const { name, arguments: text } = objectOf(part.function);
      let known = calls.findLast(({ place }) => place === part.index);
      // Some hosts number each of their calls with 0.
      if (known === undefined || (part.id && known.id !== part.id)) {
        known = { id: part.id, place: part.index, call: { name: '', text: '' } };
        calls.push(known);
      }
      known.call.name ||= textOf(name);
      known.call.text += textOf(text);
    }
  }
  const toolCalls = calls.map(({ call: { name, text } }) => ({
    function: { name, arguments: text },
  }));
  const message = { content, refusal, tool_calls: toolCalls };
  const finish = choices.map(choice => choice.finish_reason).findLast(Boolean);
  const usage = chunks.map(chunk => chunk.usage).findLast(Boolean);
  return { choices: [{ message, finish_reason: finish }], usage };
}

function messages(events: readonly Fields[]): Fields {
  const blocks: (Record<string, unknown> & { json?: string })[] = [];
  let whole: Record<string, unknown> = {};
  let usage: Record<string, unknown> = {};
  for (const event of events) {
    const block = blocks[numberOf(event.index)];
    const delta = objectOf(event.delta);
    switch (event.type) {
      case 'message_start': {
        const message = objectOf(event.message);
        whole = { ...message };
        usage = { ...objectOf(message.usage) };
        break;
      }
      case 'content_block_start':
        blocks[numberOf(event.index)] = { ...objectOf(event.content_block) };
        break;
      case 'content_block_delta':
        if (delta.type === 'text_delta') block!.text = textOf(block!.text) + textOf(delta.text);
        if (delta.type === 'input_json_delta') {
          block!.json = (block!.json ?? '') + textOf(delta.partial_json);
        }
        break;
      case 'message_delta':
        whole.stop_reason = delta.stop_reason ?? whole.stop_reason;
        usage = { ...usage, ...objectOf(event.usage) };
        break;
      default:
    }
  }
  const content = blocks.map(({ json, ...block }) =>
    json ? { ...block, input: argumentsOf(json) } : block,
  );
  return { ...whole, content, usage };
}

function converse(frames: readonly (readonly [string, Fields])[]): Fields {
  const blocks: { text: string; toolUse?: Record<string, unknown>; json: string }[] = [];
  let stopReason: unknown;
  let usage: unknown;
  for (const [name, payload] of frames) {
    const index = numberOf(payload.contentBlockIndex);
    if (name === 'contentBlockStart') {
      const { toolUse } = objectOf(payload.start);
      blocks[index] = { text: '', json: '' };
      if (toolUse !== undefined) blocks[index].toolUse = { ...objectOf(toolUse) };
    } else if (name === 'contentBlockDelta') {
      blocks[index] ??= { text: '', json: '' };
      const { text, toolUse } = objectOf(payload.delta);
      blocks[index].text += textOf(text);
      blocks[index].json += textOf(objectOf(toolUse).input);
    } else if (name === 'messageStop') stopReason = payload.stopReason;
    else if (name === 'metadata') usage = payload.usage;
  }
  const content = blocks.map(({ text, toolUse, json }) =>
    toolUse === undefined ? { text } : { toolUse: { ...toolUse, input: argumentsOf(json) } },
  );
  return { output: { message: { content } }, stopReason, usage };
}

function gemini(chunks: readonly Fields[]): Fields {
  const candidates = chunks
    .flatMap(chunk => fieldsAt(chunk, 'candidates'))
    .filter(candidate => numberOf(candidate.index) === 0);
  const parts = withWholeArgs(
    candidates.flatMap(({ content }) => fieldsAt(objectOf(content), 'parts')),
  );
  const finishReason = candidates.map(candidate => candidate.finishReason).findLast(Boolean);
  const usageMetadata = chunks.map(chunk => chunk.usageMetadata).findLast(Boolean);
  return { candidates: [{ content: { parts }, finishReason }], usageMetadata };
}

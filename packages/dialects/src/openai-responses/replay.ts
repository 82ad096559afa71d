// A kept answer as a stream, for whoever asks for it so: its items as they were, each part in one
// piece. The numbers of the events are the replay's own.

import { type JsonObject, objectsAt, stringAt } from '../json.ts';
import { joinBytes } from '../utf8.ts';
import { EventWire } from './event-wire.ts';

/**
 * The events behind number `after`. The last one, which has the whole answer, always comes: in the
 * stream that was broken off there may have been more events than here.
 */
export function replayStream(response: JsonObject, after: number): Uint8Array {
  const wire = new EventWire();
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  wire.send('response.created', { response: begun });
  wire.send('response.in_progress', { response: begun });
  for (const [place, item] of objectsAt(response, 'output').entries()) {
    replayItem(wire, item, place);
  }
  const events = wire.take().slice(after + 1);
  wire.skipTo(after + 1);
  const status = stringAt(response, 'status') ?? 'completed';
  wire.send(`response.${status}`, { response });
  return joinBytes([...events, ...wire.take()]);
}

function replayItem(wire: EventWire, item: JsonObject, place: number): void {
  const at = { item_id: item.id, output_index: place };
  wire.send('response.output_item.added', { output_index: place, item: begunItem(item) });
  if (item.type === 'message' || item.type === 'reasoning') {
    for (const [index, part] of objectsAt(item, 'summary').entries()) {
      replaySummary(wire, { ...at, summary_index: index }, part);
    }
    for (const [index, part] of objectsAt(item, 'content').entries()) {
      replayPart(wire, { ...at, content_index: index }, part);
    }
  }
  if (item.type === 'function_call') {
    const { name, arguments: said = '' } = item;
    if (said !== '') wire.send('response.function_call_arguments.delta', { ...at, delta: said });
    wire.send('response.function_call_arguments.done', { ...at, name, arguments: said });
  }
  wire.send('response.output_item.done', { output_index: place, item });
}

/** As it stood before anything was said in it. */
function begunItem(item: JsonObject): JsonObject {
  const status = item.status === undefined ? {} : { status: 'in_progress' };
  switch (item.type) {
    case 'message':
      return { ...item, ...status, content: [] };
    case 'function_call':
      return { ...item, ...status, arguments: '' };
    case 'reasoning': {
      const content = item.content === undefined ? {} : { content: [] };
      return { ...item, ...status, summary: [], ...content };
    }
    default:
      return { ...item, ...status };
  }
}

function replaySummary(wire: EventWire, at: JsonObject, part: JsonObject): void {
  const text = stringAt(part, 'text') ?? '';
  wire.send('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } });
  if (text !== '') wire.send('response.reasoning_summary_text.delta', { ...at, delta: text });
  wire.send('response.reasoning_summary_text.done', { ...at, text });
  wire.send('response.reasoning_summary_part.done', { ...at, part });
}

/** The field of a part that grows, and the name of its events. */
const growing: Readonly<Record<string, readonly [field: string, name: string]>> = {
  output_text: ['text', 'output_text'],
  reasoning_text: ['text', 'reasoning_text'],
  refusal: ['refusal', 'refusal'],
};

function replayPart(wire: EventWire, at: JsonObject, part: JsonObject): void {
  const [field, name] = growing[stringAt(part, 'type') ?? ''] ?? ['', ''];
  const text = stringAt(part, field) ?? '';
  const annotations = objectsAt(part, 'annotations');
  const logprobs = name === 'output_text' ? { logprobs: objectsAt(part, 'logprobs') } : {};
  const empty = {
    ...part,
    ...(field === '' ? {} : { [field]: '' }),
    ...(part.annotations === undefined ? {} : { annotations: [] }),
    ...(part.logprobs === undefined ? {} : { logprobs: [] }),
  };
  wire.send('response.content_part.added', { ...at, part: empty });
  if (text !== '') wire.send(`response.${name}.delta`, { ...at, delta: text, ...logprobs });
  for (const [annotation_index, annotation] of annotations.entries()) {
    const fields = { ...at, annotation_index, annotation };
    wire.send('response.output_text.annotation.added', fields);
  }
  if (name !== '') wire.send(`response.${name}.done`, { ...at, [field]: text, ...logprobs });
  wire.send('response.content_part.done', { ...at, part });
}

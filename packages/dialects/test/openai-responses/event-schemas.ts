// The schema of each event of a Responses stream, openai's own and that of Open Responses.

import assert from 'node:assert/strict';
import { checkSchema } from './schemas.ts';

/** openai's name of each. */
const openaiNames: Readonly<Record<string, string>> = {
  'response.created': 'ResponseCreatedEvent',
  'response.in_progress': 'ResponseInProgressEvent',
  'response.output_item.added': 'ResponseOutputItemAddedEvent',
  'response.output_item.done': 'ResponseOutputItemDoneEvent',
  'response.content_part.added': 'ResponseContentPartAddedEvent',
  'response.content_part.done': 'ResponseContentPartDoneEvent',
  'response.output_text.delta': 'ResponseTextDeltaEvent',
  'response.output_text.done': 'ResponseTextDoneEvent',
  'response.output_text.annotation.added': 'ResponseOutputTextAnnotationAddedEvent',
  'response.refusal.delta': 'ResponseRefusalDeltaEvent',
  'response.refusal.done': 'ResponseRefusalDoneEvent',
  'response.function_call_arguments.delta': 'ResponseFunctionCallArgumentsDeltaEvent',
  'response.function_call_arguments.done': 'ResponseFunctionCallArgumentsDoneEvent',
  'response.reasoning_summary_part.added': 'ResponseReasoningSummaryPartAddedEvent',
  'response.reasoning_summary_part.done': 'ResponseReasoningSummaryPartDoneEvent',
  'response.reasoning_summary_text.delta': 'ResponseReasoningSummaryTextDeltaEvent',
  'response.reasoning_summary_text.done': 'ResponseReasoningSummaryTextDoneEvent',
  'response.reasoning_text.delta': 'ResponseReasoningTextDeltaEvent',
  'response.reasoning_text.done': 'ResponseReasoningTextDoneEvent',
  'response.completed': 'ResponseCompletedEvent',
  'response.incomplete': 'ResponseIncompleteEvent',
  'response.failed': 'ResponseFailedEvent',
  error: 'ResponseErrorEvent',
};

/** openai's words for the thought itself, which Open Responses calls otherwise. */
const notOpen = ['ResponseReasoningTextDeltaEvent', 'ResponseReasoningTextDoneEvent'];

function openName(name: string): string {
  const plain = name
    .replace('ResponseErrorEvent', 'ErrorEvent')
    .replace(/^ResponseText/, 'ResponseOutputText')
    .replace('SummaryText', 'Summary');
  return plain.replace(/Event$/, 'StreamingEvent');
}

/** Every type that has a schema. */
export const eventTypes: readonly string[] = Object.keys(openaiNames);

/** Throws AssertionError for an event that is not of its schemas, or has none. */
export function checkEventSchema(event: { readonly type: string }): void {
  const name = openaiNames[event.type];
  assert.ok(name !== undefined, `${event.type} is known`);
  checkSchema('openai', name, withoutNullUsage(event));
  if (notOpen.includes(name)) return;
  checkSchema('open-responses', openName(name), withoutFormat(event));
}

/** Open Responses' description of a schema's echo allows no schema in it. */
export function withoutFormat(value: object): object {
  return JSON.parse(JSON.stringify(value), (key, inner) =>
    key === 'format' ? { type: 'text' } : inner,
  ) as object;
}

/** openai's description forbids it, its service and Open Responses write it until the end. */
function withoutNullUsage(event: object): object {
  return JSON.parse(JSON.stringify(event), (key, value) =>
    key === 'usage' && value === null ? undefined : value,
  ) as object;
}

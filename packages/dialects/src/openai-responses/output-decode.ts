// One item of an upstream's answer to blocks. Tolerant: a field that is missing or of a wrong
// type is taken for absent, for many hosts imitate this dialect.

import type { Block, OfItem } from '../canonical.ts';
import { arrayAt, isObject, type JsonObject, objectsAt, stringAt } from '../json.ts';
import { callFields, messageFields, native, nativeItem, nativePart, ofItem } from './native.ts';
import { decodeReasoning } from './reasoning-item.ts';

/** `callId` stands for the id that a host leaves out. */
export function decodeItem(item: JsonObject, callId: string): Block[] {
  switch (item.type) {
    case 'message':
      return decodeMessage(item);
    case 'function_call':
      return [decodeCall(item, callId)];
    case 'reasoning':
      return [decodeReasoning(item)];
    default:
      return [nativeItem(item)];
  }
}

function decodeMessage(item: JsonObject): Block[] {
  const of = ofItem(item, messageFields);
  return objectsAt(item, 'content').flatMap((part): Block[] => {
    switch (part.type) {
      case 'output_text':
        return decodeText(part, of);
      case 'refusal': {
        const text = stringAt(part, 'refusal') ?? '';
        return text === '' ? [] : [{ type: 'refusal', text, ...of }];
      }
      default:
        return [nativePart(part)];
    }
  });
}

function decodeText(part: JsonObject, of: OfItem): Block[] {
  const text = stringAt(part, 'text') ?? '';
  if (text === '') return [];
  const annotations = arrayAt(part, 'annotations');
  const citations = annotations.length === 0 ? {} : { citations: native(annotations) };
  return [{ type: 'text', text, ...citations, ...of }];
}

function decodeCall(item: JsonObject, callId: string): Block {
  return {
    type: 'tool_call',
    id: stringAt(item, 'call_id') || callId,
    name: stringAt(item, 'name') ?? '',
    argumentsJson: argumentsText(item.arguments),
    ...ofItem(item, callFields),
  };
}

/** Some hosts write the arguments as an object. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}

/** Probabilities of the texts of an answer, each at its text's place; null where none has any. */
export function logprobsOf(output: readonly JsonObject[]): readonly (readonly unknown[])[] | null {
  const lists = output
    .filter(item => item.type === 'message')
    .flatMap(item => objectsAt(item, 'content'))
    .filter(part => part.type === 'output_text' && stringAt(part, 'text'))
    .map(part => arrayAt(part, 'logprobs'));
  return lists.some(list => list.length > 0) ? lists : null;
}

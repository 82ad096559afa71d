// Tools, the choice among them and the format of the answer, from a caller's request. Tools are
// flat here: a function's fields stand beside its type.

import type { ResponseFormat, Tool, ToolChoice } from '../canonical.ts';
import type { ObjectReader } from '../json.ts';
import { native } from './native.ts';

const functionFields = new Set(['type', 'name', 'description', 'parameters', 'strict']);

export function decodeTools(body: ObjectReader): readonly Tool[] | undefined {
  return body.objects('tools')?.map(tool => {
    const type = tool.requiredString('type');
    return type === 'function' ? decodeFunction(tool) : decodeNative(tool, type);
  });
}

/** A function with fields of its own (when it loads, who may call it) is kept whole beside them. */
function decodeFunction(tool: ObjectReader): Tool {
  const description = tool.string('description');
  const strict = tool.boolean('strict');
  const more = Object.entries(tool.unknownFields(functionFields) ?? {});
  const isOwn = more.some(([, value]) => value !== null);
  return {
    name: tool.requiredString('name'),
    parameters: decodeParameters(tool),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    ...(isOwn ? { native: native(tool.object) } : {}),
  };
}

/** A function without parameters takes an empty object; a schema without `type` means one. */
function decodeParameters(tool: ObjectReader): Record<string, unknown> {
  const parameters = tool.child('parameters');
  if (parameters === undefined) return { type: 'object', properties: {} };
  const type = parameters.value('type');
  if (type === undefined) return { type: 'object', properties: {}, ...parameters.object };
  if (type !== 'object') throw parameters.bad('type', 'expected "object"');
  return parameters.object;
}

function decodeNative(tool: ObjectReader, type: string): Tool {
  const name = tool.string('name') ?? tool.string('server_label') ?? type;
  return { name, parameters: { type: 'object', properties: {} }, native: native(tool.object) };
}

/** `own` is a choice of hosted tools, which only this dialect can say. */
export function decodeToolChoice(body: ObjectReader): {
  readonly choice?: ToolChoice;
  readonly own?: unknown;
} {
  if (typeof body.value('tool_choice') === 'string') {
    return { choice: { type: body.oneOf('tool_choice', ['auto', 'none', 'required'])! } };
  }
  const choice = body.child('tool_choice');
  if (choice === undefined) return {};
  const type = choice.requiredString('type');
  if (isNamed(type)) return { choice: { type: 'named', name: choice.requiredString('name') } };
  if (type !== 'allowed_tools') return { own: choice.object };
  const mode = choice.oneOf('mode', ['auto', 'required']);
  if (mode === undefined) throw choice.bad('mode', 'it is required');
  const tools = choice.objects('tools') ?? [];
  if (!tools.every(tool => isNamed(tool.requiredString('type')))) return { own: choice.object };
  const names = tools.map(tool => tool.requiredString('name'));
  return { choice: { type: 'allowed', mode, names } };
}

function isNamed(type: string): boolean {
  return type === 'function' || type === 'custom';
}

export function decodeFormat(text: ObjectReader | undefined): ResponseFormat | undefined {
  const format = text?.child('format');
  if (format === undefined) return undefined;
  const type = format.oneOf('type', ['text', 'json_object', 'json_schema']);
  if (type === undefined) throw format.bad('type', 'it is required');
  if (type !== 'json_schema') return { type };
  const name = format.string('name');
  const description = format.string('description');
  const strict = format.boolean('strict');
  return {
    type,
    schema: format.requiredObject('schema').object,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
  };
}

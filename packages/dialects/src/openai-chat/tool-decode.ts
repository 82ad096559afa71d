// Tools, the choice among them and the format of the answer, from a caller's request.

import type { CanonicalRequest, ResponseFormat, Tool, ToolChoice } from '../canonical.ts';
import type { ObjectReader } from '../json.ts';
import { cacheOf } from './part-decode.ts';

export function decodeTools(body: ObjectReader): readonly Tool[] | undefined {
  return body.objects('tools')?.map(tool => {
    const type = tool.string('type') ?? 'function';
    return type === 'function' ? decodeFunction(tool) : decodeNative(tool, type);
  });
}

function decodeFunction(tool: ObjectReader): Tool {
  const fn = tool.requiredObject('function');
  const description = fn.string('description');
  const strict = fn.boolean('strict');
  return {
    name: fn.requiredString('name'),
    parameters: decodeParameters(fn),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    ...cacheOf(tool),
  };
}

/** A function without parameters takes an empty object; a schema without `type` means one. */
function decodeParameters(fn: ObjectReader): Record<string, unknown> {
  const parameters = fn.child('parameters');
  if (parameters === undefined) return { type: 'object', properties: {} };
  const type = parameters.value('type');
  if (type === undefined) return { type: 'object', properties: {}, ...parameters.object };
  if (type !== 'object') throw parameters.bad('type', 'expected "object"');
  return parameters.object;
}

function decodeNative(tool: ObjectReader, type: string): Tool {
  const name = tool.child(type)?.string('name') ?? type;
  const native = { dialect: 'openai-chat', value: tool.object };
  return { name, parameters: { type: 'object', properties: {} }, native };
}

export function decodeToolChoice(body: ObjectReader): ToolChoice | undefined {
  if (typeof body.value('tool_choice') === 'string') {
    return { type: body.oneOf('tool_choice', ['auto', 'none', 'required'])! };
  }
  const choice = body.child('tool_choice');
  if (choice === undefined) return undefined;
  const type = choice.oneOf('type', ['function', 'custom', 'allowed_tools']) ?? 'function';
  if (type !== 'allowed_tools') {
    return { type: 'named', name: choice.requiredObject(type).requiredString('name') };
  }
  const allowed = choice.requiredObject('allowed_tools');
  const mode = allowed.oneOf('mode', ['auto', 'required']);
  if (mode === undefined) throw allowed.bad('mode', 'it is required');
  const names = (allowed.objects('tools') ?? []).map(tool =>
    tool
      .requiredObject(tool.oneOf('type', ['function', 'custom']) ?? 'function')
      .requiredString('name'),
  );
  return { type: 'allowed', mode, names };
}

export function decodeResponseFormat(body: ObjectReader): ResponseFormat | undefined {
  const format = body.child('response_format');
  if (format === undefined) return undefined;
  const type = format.oneOf('type', ['text', 'json_object', 'json_schema']);
  if (type === undefined) throw format.bad('type', 'it is required');
  if (type !== 'json_schema') return { type };
  const schema = format.requiredObject('json_schema');
  const name = schema.string('name');
  const description = schema.string('description');
  const strict = schema.boolean('strict');
  return {
    type,
    schema: schema.child('schema')?.object ?? {},
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
  };
}

/** `top_logprobs` counts only where `logprobs` asks for them. */
export function decodeLogprobs(body: ObjectReader): CanonicalRequest['logprobs'] {
  const wanted = body.boolean('logprobs') ?? false;
  const top = body.integer('top_logprobs', 0, 20);
  if (top !== undefined && !wanted) throw body.bad('top_logprobs', 'logprobs must be true with it');
  return wanted ? { top: top ?? 0 } : undefined;
}

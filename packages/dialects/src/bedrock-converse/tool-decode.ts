// Tools, the choice among them and the form of the answer, from a caller's request.

import type { ResponseFormat, Tool, ToolChoice } from '../canonical.ts';
import { DialectError } from '../dialect.ts';
import { isObject, type ObjectReader, parseJsonText } from '../json.ts';
import { cacheMark, toolNamePattern } from './block-decode.ts';
import { native } from './native.ts';

export function decodeTools(config: ObjectReader | undefined): readonly Tool[] | undefined {
  const given = config?.objects('tools');
  if (config === undefined || given === undefined) return undefined;
  if (given.length === 0) throw config.bad('tools', 'expected at least one tool');
  const tools: Tool[] = [];
  for (const entry of given) {
    const mark = entry.child('cachePoint');
    const last = tools.at(-1);
    if (mark === undefined) tools.push(decodeTool(entry));
    else if (last !== undefined) tools[tools.length - 1] = { ...last, cache: cacheMark(mark) };
    else throw entry.bad('cachePoint', 'there is no tool before it');
  }
  return tools;
}

function decodeTool(entry: ObjectReader): Tool {
  const spec = entry.child('toolSpec');
  if (spec === undefined) {
    const name = entry.child('systemTool')?.string('name') ?? Object.keys(entry.object)[0] ?? '';
    const parameters = { type: 'object', properties: {} };
    return { name, parameters, native: native(entry.object) };
  }
  const name = spec.requiredString('name');
  if (!toolNamePattern.test(name)) {
    throw spec.bad('name', 'expected 1 to 64 letters, digits, hyphens or underscores');
  }
  const description = spec.string('description');
  if (description === '') throw spec.bad('description', 'it is empty');
  const strict = spec.boolean('strict');
  const schema = spec.requiredObject('inputSchema').requiredObject('json');
  if (schema.value('type') !== 'object') throw schema.bad('type', 'expected "object"');
  return {
    name,
    parameters: schema.object,
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
  };
}

export function decodeToolChoice(config: ObjectReader | undefined): ToolChoice | undefined {
  const choice = config?.child('toolChoice');
  if (choice === undefined) return undefined;
  if (choice.value('any') !== undefined) return { type: 'required' };
  if (choice.value('auto') !== undefined) return { type: 'auto' };
  return { type: 'named', name: choice.requiredObject('tool').requiredString('name') };
}

/** The schema is a string here. */
export function decodeFormat(output: ObjectReader | undefined): ResponseFormat | undefined {
  const format = output?.child('textFormat');
  if (format === undefined) return undefined;
  format.oneOf('type', ['json_schema']);
  const definition = format.requiredObject('structure').requiredObject('jsonSchema');
  const name = definition.string('name');
  const description = definition.string('description');
  return {
    type: 'json_schema',
    schema: decodeSchema(definition),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

function decodeSchema(definition: ObjectReader): Record<string, unknown> {
  const text = definition.requiredString('schema');
  try {
    const schema = parseJsonText(text, 'invalid_request');
    if (isObject(schema)) return schema;
  } catch (cause) {
    if (!(cause instanceof DialectError)) throw cause;
  }
  throw definition.bad('schema', 'expected a JSON object, written as a string');
}

// Tools and the choice among them, from a caller's request.

import type { CanonicalRequest, Tool } from '../canonical.ts';
import type { ObjectReader } from '../json.ts';
import { cacheOf, native } from './block-decode.ts';

/** What else a tool may say without meaning something else elsewhere: how its input is streamed. */
const plainFields: ReadonlySet<string> = new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'strict',
  'cache_control',
  'eager_input_streaming',
]);

export function decodeTools(body: ObjectReader): readonly Tool[] | undefined {
  return body.objects('tools')?.map(tool => {
    const type = tool.string('type') ?? 'custom';
    return type === 'custom' ? decodeTool(tool) : decodeServerTool(tool, type);
  });
}

function decodeTool(tool: ObjectReader): Tool {
  const description = tool.string('description');
  const strict = tool.boolean('strict');
  const more = tool.unknownFields(plainFields) ?? {};
  const saysMore = Object.values(more).some(value => value !== null && value !== false);
  return {
    name: tool.requiredString('name'),
    parameters: decodeSchema(tool.requiredObject('input_schema')),
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    ...cacheOf(tool),
    ...(saysMore ? { native: native(tool.object) } : {}),
  };
}

/** A schema without `type` means an object. */
function decodeSchema(schema: ObjectReader): Record<string, unknown> {
  const type = schema.value('type');
  if (type === undefined) return { ...schema.object, type: 'object' };
  if (type !== 'object') throw schema.bad('type', 'expected "object"');
  return schema.object;
}

/** A tool that runs at the vendor. A toolset has no name of its own. */
function decodeServerTool(tool: ObjectReader, type: string): Tool {
  const parameters = { type: 'object', properties: {} };
  return { name: tool.string('name') ?? type, parameters, native: native(tool.object) };
}

type Choice = Pick<CanonicalRequest, 'toolChoice' | 'parallelToolCalls'>;

export function decodeToolChoice(body: ObjectReader): Choice {
  const choice = body.child('tool_choice');
  if (choice === undefined) return {};
  const type = choice.oneOf('type', ['auto', 'any', 'tool', 'none']);
  if (type === undefined) throw choice.bad('type', 'it is required');
  const single = choice.boolean('disable_parallel_tool_use') === true;
  const parallel = single ? { parallelToolCalls: false } : {};
  switch (type) {
    case 'any':
      return { toolChoice: { type: 'required' }, ...parallel };
    case 'tool':
      return { toolChoice: { type: 'named', name: choice.requiredString('name') }, ...parallel };
    default:
      return { toolChoice: { type }, ...parallel };
  }
}

// Tools, the choice among them and the format of the answer, for an upstream of this dialect and
// as an answer repeats them.

import type { ResponseFormat, Tool, ToolChoice } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { ownValue } from './native.ts';

export function encodeTools(tools: readonly Tool[], losses: Losses): JsonObject[] {
  return tools.flatMap((tool, index) => {
    if (tool.native === undefined) return [encodeFunction(tool)];
    const own = ownValue(tool.native);
    if (own !== undefined) return [own];
    losses.add(`tools[${index}]`, `only ${tool.native.dialect} can carry this tool`);
    return [];
  });
}

/**
 * `parameters` and `strict` must stand in each tool. Without `strict` the API would make the
 * schema strict, optional arguments included, which no other dialect does.
 */
function encodeFunction(tool: Tool): JsonObject {
  const { name, description, parameters, strict } = tool;
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    parameters,
    strict: strict ?? false,
  };
}

export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): string | JsonObject {
  switch (choice.type) {
    case 'named':
      return named(choice.name, tools);
    case 'allowed': {
      const allowed = choice.names.map(name => named(name, tools));
      return { type: 'allowed_tools', mode: choice.mode, tools: allowed };
    }
    default:
      return choice.type;
  }
}

function named(name: string, tools: readonly Tool[]): JsonObject {
  const tool = tools.find(candidate => candidate.name === name);
  const isCustom = ownValue(tool?.native)?.type === 'custom';
  return { type: isCustom ? 'custom' : 'function', name };
}

export function encodeFormat(format: ResponseFormat): JsonObject {
  if (format.type !== 'json_schema') return { type: format.type };
  const { name, description, schema, strict } = format;
  return {
    type: 'json_schema',
    // The name is required here and has no meaning to the model's answer.
    name: name ?? 'response',
    ...(description === undefined ? {} : { description }),
    schema,
    ...(strict === undefined ? {} : { strict }),
  };
}

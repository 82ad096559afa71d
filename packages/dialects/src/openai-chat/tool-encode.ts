// Tools, the choice among them and the format of the answer, for an upstream of this dialect.

import type { CanonicalRequest, ResponseFormat, Tool, ToolChoice } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';

export function encodeTools(tools: readonly Tool[], losses: Losses): JsonObject[] {
  return tools.flatMap((tool, index) => {
    const { native } = tool;
    if (native === undefined) return [encodeFunction(tool)];
    if (native.dialect === 'openai-chat') return [native.value as JsonObject];
    losses.add(`tools[${index}]`, `only ${native.dialect} can carry this tool`);
    return [];
  });
}

function encodeFunction(tool: Tool): JsonObject {
  const { name, description, parameters, strict } = tool;
  const fn = {
    name,
    ...(description === undefined ? {} : { description }),
    parameters,
    ...(strict === undefined ? {} : { strict }),
  };
  return { type: 'function', function: fn };
}

export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): string | JsonObject {
  switch (choice.type) {
    case 'named':
      return named(choice.name, tools);
    case 'allowed': {
      const allowed = choice.names.map(name => named(name, tools));
      return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: allowed } };
    }
    default:
      return choice.type;
  }
}

/** Only functions and custom tools can be named. */
function named(name: string, tools: readonly Tool[]): JsonObject {
  const custom = tools.some(tool => tool.name === name && tool.native !== undefined);
  return custom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}

export function encodeResponseFormat(format: ResponseFormat): JsonObject {
  if (format.type !== 'json_schema') return { type: format.type };
  const { name, description, schema, strict } = format;
  const json_schema = {
    // The name is required here and has no meaning to the model's answer.
    name: name ?? 'response',
    ...(description === undefined ? {} : { description }),
    schema,
    ...(strict === undefined ? {} : { strict }),
  };
  return { type: 'json_schema', json_schema };
}

export function encodeLogprobs(logprobs: CanonicalRequest['logprobs']): JsonObject {
  return logprobs === undefined ? {} : { logprobs: true, top_logprobs: logprobs.top };
}

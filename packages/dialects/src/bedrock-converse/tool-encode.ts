// Tools and the choice among them, for an upstream. The service refuses a conversation with calls
// in it when there is no tool, and has no word for "call none".

import type { CanonicalRequest, Tool, ToolChoice } from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { cachePoint } from './block-encode.ts';
import { ownValue } from './native.ts';
import { checkToolName } from './tool-name.ts';

/** `toolConfig`, where there is need of one. Throws DialectError (unsupported) for a name. */
export function encodeToolConfig(
  request: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject {
  const { toolChoice } = request;
  const tools = encodeTools(request, target, losses);
  if (tools.length === 0) {
    if (isForced(toolChoice)) losses.add('toolChoice', 'there is no tool to choose');
    return hasCalls(request) ? { toolConfig: { tools: [placeholder] } } : {};
  }
  if (request.parallelToolCalls === false) {
    losses.add('parallelToolCalls', 'calls cannot be kept to one at a time here');
  }
  const choice = encodeToolChoice(toolChoice);
  return { toolConfig: { tools, ...(choice === null ? {} : { toolChoice: choice }) } };
}

/** Stands where there must be a tool. */
const placeholder: JsonObject = {
  toolSpec: {
    name: 'no_tool',
    description: 'There is no tool to call.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
};

/** The model must call a tool. */
export function isForced(choice: ToolChoice | undefined): boolean {
  if (choice?.type === 'allowed') return choice.mode === 'required';
  return choice?.type === 'required' || choice?.type === 'named';
}

/** A choice among some of the tools, or of none, is made by not telling of the others. */
function encodeTools(
  { tools = [], toolChoice }: CanonicalRequest,
  target: TargetModel,
  losses: Losses,
): JsonObject[] {
  if (toolChoice?.type === 'none') {
    if (tools.length > 0) losses.add('toolChoice', 'tools can be left out, but not forbidden here');
    return [];
  }
  const allowed = toolChoice?.type === 'allowed' ? new Set(toolChoice.names) : null;
  return tools.flatMap((tool, index) => {
    if (allowed?.has(tool.name) === false) return [];
    const { native } = tool;
    const written =
      native === undefined ? encodeTool(tool, `tools[${index}].name`) : ownValue(native);
    if (written !== null) return [written, ...pointAfter(tool, target)];
    losses.add(`tools[${index}]`, `only ${native!.dialect} can carry this tool`);
    return [];
  });
}

/** The models of amazon take none among the tools. */
function pointAfter({ cache }: Tool, target: TargetModel): JsonObject[] {
  return target.vendor === 'anthropic' ? cachePoint(cache, target) : [];
}

/** An empty description is refused. */
function encodeTool({ name, description, parameters, strict }: Tool, field: string): JsonObject {
  checkToolName(name, field);
  const toolSpec = {
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    inputSchema: { json: parameters },
    ...(strict === undefined ? {} : { strict }),
  };
  return { toolSpec };
}

/** null where the service's own way, `auto`, says it all. */
function encodeToolChoice(choice: ToolChoice | undefined): JsonObject | null {
  switch (choice?.type) {
    case 'named':
      return { tool: { name: choice.name } };
    case 'auto':
      return { auto: {} };
    default:
      return isForced(choice) ? { any: {} } : null;
  }
}

function hasCalls({ messages }: CanonicalRequest): boolean {
  return messages.some(({ content }) =>
    content.some(({ type }) => type === 'tool_call' || type === 'tool_result'),
  );
}

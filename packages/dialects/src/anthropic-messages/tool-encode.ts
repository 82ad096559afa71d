// Tools and the choice among them, for an upstream.

import type { CanonicalRequest, Tool, ToolChoice } from '../canonical.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { cacheControl } from './block-encode.ts';
import { checkToolName } from './tool-name.ts';

/** `tools` and `tool_choice`. Throws DialectError (unsupported) for the name of a tool. */
export function encodeToolFields(request: CanonicalRequest, losses: Losses): JsonObject {
  const { toolChoice, parallelToolCalls } = request;
  const tools = encodeTools(request, losses);
  if (tools.length === 0) {
    if (isForced(toolChoice)) losses.add('toolChoice', 'there is no tool to choose');
    return {};
  }
  const choice = encodeToolChoice(toolChoice, parallelToolCalls === false);
  return { tools, ...(choice === null ? {} : { tool_choice: choice }) };
}

/** The model must call a tool. */
export function isForced(choice: ToolChoice | undefined): boolean {
  if (choice?.type === 'allowed') return choice.mode === 'required';
  return choice?.type === 'required' || choice?.type === 'named';
}

/** A choice among some of the tools is made by not telling of the others. */
function encodeTools({ tools = [], toolChoice }: CanonicalRequest, losses: Losses): JsonObject[] {
  const allowed = toolChoice?.type === 'allowed' ? new Set(toolChoice.names) : null;
  return tools.flatMap((tool, index) => {
    if (allowed?.has(tool.name) === false) return [];
    const { native } = tool;
    if (native === undefined) return [encodeTool(tool, `tools[${index}].name`)];
    if (native.dialect === 'anthropic-messages' && isObject(native.value)) return [native.value];
    losses.add(`tools[${index}]`, `only ${native.dialect} can carry this tool`);
    return [];
  });
}

function encodeTool(tool: Tool, nameField: string): JsonObject {
  const { name, description, parameters, strict, cache } = tool;
  checkToolName(name, nameField);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: parameters,
    ...(strict === undefined ? {} : { strict }),
    ...cacheControl(cache),
  };
}

/** null where the API's own way, `auto`, says it all. */
function encodeToolChoice(choice: ToolChoice | undefined, single: boolean): JsonObject | null {
  const one = single ? { disable_parallel_tool_use: true } : {};
  switch (choice?.type) {
    case undefined:
      return single ? { type: 'auto', ...one } : null;
    case 'none':
      return { type: 'none' };
    case 'named':
      return { type: 'tool', name: choice.name, ...one };
    default:
      return { type: isForced(choice) ? 'any' : 'auto', ...one };
  }
}

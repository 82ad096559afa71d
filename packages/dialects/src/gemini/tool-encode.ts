// Tools and the choice among them, for an upstream of this dialect. Schemas go as JSON Schema,
// which both services take since 2025 for all models that they still serve; the OpenAPI subset
// holds less.

import type { CanonicalRequest, Tool, ToolChoice } from '../canonical.ts';
import { isObject, type JsonObject, objectAt } from '../json.ts';
import type { Losses } from '../losses.ts';

/** `tools` and `toolConfig`; `own` has what a caller of this dialect said of them besides. */
export function encodeTools(
  request: CanonicalRequest,
  own: JsonObject,
  losses: Losses,
): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  if (parallelToolCalls === false) {
    losses.add('parallelToolCalls', 'calls cannot be kept to one at a time here');
  }
  const declared = objectAt(own, 'functionDeclarations') ?? {};
  const functions = tools.filter(tool => tool.native === undefined);
  const declarations = functions.map(tool => encodeFunction(tool, declared));
  const written = [
    ...(declarations.length === 0 ? [] : [{ functionDeclarations: declarations }]),
    ...encodeNative(tools, losses),
  ];
  const config = objectAt(own, 'toolConfig') ?? {};
  const isStrict = functions.some(tool => tool.strict === true);
  const calling = {
    ...objectAt(config, 'functionCallingConfig'),
    ...(declarations.length === 0 ? {} : encodeChoice(toolChoice, isStrict)),
  };
  if (declarations.length === 0 && toolChoice !== undefined && isDemand(toolChoice)) {
    losses.add('toolChoice', 'there is no function to choose');
  }
  const hasCalling = Object.keys(calling).length > 0;
  const toolConfig = { ...config, ...(hasCalling ? { functionCallingConfig: calling } : {}) };
  return {
    ...(written.length === 0 ? {} : { tools: written }),
    ...(Object.keys(toolConfig).length === 0 ? {} : { toolConfig }),
  };
}

function encodeFunction(tool: Tool, declared: JsonObject): JsonObject {
  const { name, description, parameters } = tool;
  const more = Object.hasOwn(declared, name) ? declared[name] : undefined;
  return {
    ...(isObject(more) ? more : {}),
    name,
    ...(description === undefined ? {} : { description }),
    parametersJsonSchema: parameters,
  };
}

function encodeNative(tools: readonly Tool[], losses: Losses): JsonObject[] {
  return tools.flatMap((tool, index) => {
    const { native } = tool;
    if (native === undefined) return [];
    if (native.dialect === 'gemini') return [native.value as JsonObject];
    losses.add(`tools[${index}]`, `only ${native.dialect} can carry this tool`);
    return [];
  });
}

function isDemand(choice: ToolChoice): boolean {
  return choice.type !== 'auto' && choice.type !== 'none';
}

/**
 * VALIDATED is AUTO with arguments held to their schemas, and the one free mode that takes names.
 */
function encodeChoice(choice: ToolChoice | undefined, isStrict: boolean): JsonObject {
  switch (choice?.type) {
    case undefined:
      return isStrict ? { mode: 'VALIDATED' } : {};
    case 'auto':
      return { mode: isStrict ? 'VALIDATED' : 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'named':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] };
    case 'allowed': {
      const mode = choice.mode === 'required' ? 'ANY' : 'VALIDATED';
      return { mode, allowedFunctionNames: choice.names };
    }
  }
}

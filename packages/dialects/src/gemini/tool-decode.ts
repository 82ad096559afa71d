// Tools and the choice among them, from a caller's request. A tool of Google's own is native.

import type { Tool, ToolChoice } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { ProtoReader } from './proto-reader.ts';
import { decodeSchema } from './schema-decode.ts';

const modes = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'] as const;
const emptyParameters = { type: 'object', properties: {} };

export interface DecodedTools {
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** What only this dialect can say of tools, by the names of its fields. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

export function decodeTools(body: ProtoReader): DecodedTools {
  const config = body.child('toolConfig');
  const calling = config?.child('functionCallingConfig');
  const mode = calling?.enumWord('mode', modes);
  const names = calling?.strings('allowedFunctionNames') ?? [];
  // Arguments that are held to their schema are what other dialects call strict.
  const strict = mode === 'VALIDATED';
  const declared: Record<string, JsonObject> = {};
  const tools = body.objects('tools')?.flatMap(tool => decodeTool(tool, strict, declared));
  const toolChoice = mode === undefined ? undefined : choiceOf(mode, names);
  const toolConfig = unknownConfig(config, calling);
  return {
    ...(tools === undefined ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    extensions: {
      ...(toolConfig === undefined ? {} : { toolConfig }),
      ...(Object.keys(declared).length === 0 ? {} : { functionDeclarations: declared }),
    },
  };
}

/** One entry may have functions and several of Google's tools. */
function decodeTool(
  tool: ProtoReader,
  strict: boolean,
  declared: Record<string, JsonObject>,
): Tool[] {
  const functions = (tool.objects('functionDeclarations') ?? []).map(declaration => {
    const decoded = decodeFunction(declaration, strict);
    const more = declaration.unknownFields(functionKeys);
    if (more !== undefined) declared[decoded.name] = more;
    return decoded;
  });
  const native = Object.entries(tool.object)
    .filter(([key, value]) => key !== 'functionDeclarations' && value !== null)
    .map(([name, value]): Tool => {
      const own = { dialect: 'gemini', value: { [name]: value } };
      return { name, parameters: emptyParameters, native: own };
    });
  return [...functions, ...native];
}

const functionKeys: ReadonlySet<string> = new Set([
  'name',
  'description',
  'parameters',
  'parametersJsonSchema',
]);

function decodeFunction(declaration: ProtoReader, strict: boolean): Tool {
  const description = declaration.string('description');
  return {
    name: declaration.requiredString('name'),
    ...(description === undefined ? {} : { description }),
    parameters: decodeParameters(declaration),
    ...(strict ? { strict } : {}),
  };
}

function decodeParameters(declaration: ProtoReader): Record<string, unknown> {
  const openApi = declaration.map('parameters');
  const jsonSchema = declaration.map('parametersJsonSchema');
  if (openApi !== undefined && jsonSchema !== undefined) {
    throw declaration.bad('parameters', 'it cannot stand beside parametersJsonSchema');
  }
  const schema = openApi === undefined ? (jsonSchema ?? {}) : decodeSchema(openApi);
  if (schema.type === undefined) return { ...emptyParameters, ...schema };
  if (schema.type === 'object') return schema;
  const key = openApi === undefined ? 'parametersJsonSchema' : 'parameters';
  throw declaration.bad(`${key}.type`, 'expected an object');
}

function choiceOf(mode: (typeof modes)[number], names: readonly string[]): ToolChoice | undefined {
  const [first] = names;
  const isForced = mode === 'ANY';
  switch (mode) {
    case 'MODE_UNSPECIFIED':
      return undefined;
    case 'NONE':
      return { type: 'none' };
    default:
      if (first === undefined) return { type: isForced ? 'required' : 'auto' };
      if (isForced && names.length === 1) return { type: 'named', name: first };
      return { type: 'allowed', mode: isForced ? 'required' : 'auto', names: [...names] };
  }
}

function unknownConfig(
  config: ProtoReader | undefined,
  calling: ProtoReader | undefined,
): JsonObject | undefined {
  const rest = config?.unknownFields(new Set(['functionCallingConfig']));
  const more = calling?.unknownFields(new Set(['mode', 'allowedFunctionNames']));
  if (more === undefined) return rest;
  return { ...rest, functionCallingConfig: more };
}

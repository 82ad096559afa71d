// Tools and the choice among them, as a request has both.

import type { CanonicalRequest, Native, Tool, ToolChoice } from '@entrepot/dialects/canonical';
import fc from 'fast-check';
import { cacheMark } from './block.ts';
import { objectSchema } from './schema.ts';
import { anyText, toolName } from './text.ts';

const plainTool: fc.Arbitrary<Tool> = fc.record(
  {
    name: toolName,
    description: anyText,
    parameters: fc.oneof(
      objectSchema,
      fc.constant<Record<string, unknown>>({ type: 'object', properties: {} }),
    ),
    strict: fc.boolean(),
    cache: cacheMark,
  },
  { requiredKeys: ['name', 'parameters'] },
) as fc.Arbitrary<Tool>;

/** Tools that run at the vendor, as their own dialects read them. */
const hosted = fc.constantFrom<readonly [string, Native]>(
  ['grep', { dialect: 'openai-chat', value: { type: 'custom', custom: { name: 'grep' } } }],
  ['web_search', { dialect: 'openai-responses', value: { type: 'web_search' } }],
  [
    'web_search',
    { dialect: 'anthropic-messages', value: { type: 'web_search_1', name: 'web_search' } },
  ],
  ['nova', { dialect: 'bedrock-converse', value: { systemTool: { name: 'nova' } } }],
  ['googleSearch', { dialect: 'gemini', value: { googleSearch: {} } }],
);
const nativeTool: fc.Arbitrary<Tool> = hosted.map(([name, native]) => ({
  name,
  parameters: { type: 'object', properties: {} },
  native,
}));

const tools = fc.uniqueArray(
  fc.oneof({ weight: 6, arbitrary: plainTool }, { weight: 1, arbitrary: nativeTool }),
  { minLength: 1, maxLength: 3, selector: tool => tool.name },
);

/** A choice names tools of the request. */
function choice(given: readonly Tool[]): fc.Arbitrary<ToolChoice> {
  const plain = given.filter(tool => tool.native === undefined).map(tool => tool.name);
  const simple: fc.Arbitrary<ToolChoice> = fc.constantFrom(
    { type: 'auto' },
    { type: 'none' },
    { type: 'required' },
  );
  if (plain.length === 0) return simple;
  const mode = fc.constantFrom('auto' as const, 'required' as const);
  const names = fc.subarray(plain, { minLength: 1 });
  return fc.oneof(
    simple,
    fc.constantFrom(...plain).map((name): ToolChoice => ({ type: 'named', name })),
    fc.record({ type: fc.constant('allowed' as const), mode, names }),
  );
}

export type ToolFields = Pick<CanonicalRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

export const toolFields: fc.Arbitrary<ToolFields> = tools.chain(
  given =>
    fc.record(
      { tools: fc.constant(given), toolChoice: choice(given), parallelToolCalls: fc.boolean() },
      { requiredKeys: ['tools'] },
    ) as fc.Arbitrary<ToolFields>,
);

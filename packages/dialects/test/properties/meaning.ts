// What a request asks for, however it is cut into messages and whatever is said that is so anyway.
// Two requests of one meaning are one to every model.

import type {
  Block,
  CanonicalRequest,
  Message,
  Source,
  Tool,
  ToolChoice,
} from '@entrepot/dialects/canonical';

export interface Said {
  readonly role: Message['role'];
  readonly name?: string;
  /** Which message it was said in. */
  readonly turn: number;
  readonly block: unknown;
}

export interface Meaning {
  readonly said: readonly Said[];
  readonly tools: readonly unknown[];
  readonly [field: string]: unknown;
}

/** Values that say what happens without them. */
const usual: Readonly<Record<string, (value: never) => boolean>> = {
  candidates: value => value === 1,
  frequencyPenalty: value => value === 0,
  presencePenalty: value => value === 0,
  temperature: value => value === 1,
  topP: value => value === 1,
  store: value => value === false,
  parallelToolCalls: value => value === true,
  serviceTier: (value: string) => ['auto', 'default', 'standard_only'].includes(value),
  logitBias: (value: object) => Object.keys(value).length === 0,
  metadata: (value: object) => Object.keys(value).length === 0,
  stop: (value: readonly string[]) => value.length === 0,
  extensions: ({ fields }: { fields: object }) => Object.keys(fields).length === 0,
  responseFormat: ({ type }: { type: string }) => type === 'text',
};

export function meaningOf(request: CanonicalRequest): Meaning {
  const { model: _, includeUsage: __, messages, tools = [], toolChoice, ...rest } = request;
  const entries = Object.entries(withStore(rest)).filter(
    ([key, value]) => !usual[key]?.(value as never),
  );
  const choice = choiceOf(toolChoice);
  return {
    ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    said: saidIn(messages),
    tools: tools.map(toolOf),
    ...(choice === null ? {} : { toolChoice: choice }),
  };
}

/** A wish that an answer be kept is a field of openai-responses alone where that was asked. */
function withStore({ extensions, ...rest }: Partial<CanonicalRequest>): Partial<CanonicalRequest> {
  if (extensions === undefined) return rest;
  const { store, ...fields } = extensions.fields;
  return { ...rest, ...(store === true ? { store } : {}), extensions: { ...extensions, fields } };
}

/** null for what is done without a word. */
export function choiceOf(choice: ToolChoice | undefined): ToolChoice | null {
  if (choice === undefined || choice.type === 'auto') return null;
  const only = choice.type === 'allowed' && choice.mode === 'required' ? choice.names : [];
  return only.length === 1 ? { type: 'named', name: only[0]! } : choice;
}

function toolOf({ strict, ...tool }: Tool): unknown {
  return strict === true ? { ...tool, strict } : tool;
}

/** Ids of calls by their order: they need to match within one request, and no more. */
function saidIn(messages: readonly Message[]): Said[] {
  const ids = new Map<string, string>();
  const numbered = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `#${ids.size}`);
    return ids.get(id)!;
  };
  for (const { content } of messages) {
    for (const block of content) if (block.type === 'tool_call') numbered(block.id);
  }
  return messages.flatMap(({ role, name, content }, turn) =>
    content.map((block): Said => {
      const isNamed = name !== undefined && block.type !== 'tool_result';
      return { role, turn, ...(isNamed ? { name } : {}), block: plain(block, numbered) };
    }),
  );
}

function plain(block: Block, numbered: (id: string) => string): unknown {
  switch (block.type) {
    case 'tool_call':
      return { ...block, id: numbered(block.id), argumentsJson: args(block.argumentsJson) };
    case 'tool_result': {
      const content = block.content.map(inner => plain(inner, numbered));
      return { ...block, callId: numbered(block.callId), content };
    }
    case 'image': {
      const { detail, ...image } = { ...block, source: untyped(block.source) };
      return detail === undefined || detail === 'auto' ? image : { ...image, detail };
    }
    case 'document':
      return { ...block, source: untyped(block.source) };
    default:
      return block;
  }
}

/** Arguments as the value that they are, where they are one. */
function args(text: string): unknown {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return text;
  }
}

/** The type of what stands behind a URL is told by who has it. */
function untyped(source: Source): Source {
  return source.kind === 'url' ? { kind: 'url', url: source.url } : source;
}

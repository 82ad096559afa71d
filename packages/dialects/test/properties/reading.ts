// What a target reads of a request that has lost nothing: the request with the substitutes that
// `docs/capabilities.md` names, written down once more, by hand.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Target } from '@entrepot/dialects/capabilities/targets';
import { userDigest } from '@entrepot/dialects/user-digest';
import { choiceOf, type Meaning, meaningOf } from './meaning.ts';
import { readSaid } from './reading-said.ts';

// biome-ignore lint/suspicious/noExplicitAny: requests taken apart
type Loose = any;

export function reading(request: CanonicalRequest, target: Target): Meaning {
  const { said, tools, ...fields } = meaningOf(request) as Meaning & Loose;
  const read: Loose = {
    ...fields,
    ...readTools(tools, request, target),
    said: readSaid(said, target),
  };
  if (read.user !== undefined) read.user = readUser(read.user, target);
  const limit = target.model.maxOutputTokens ?? Infinity;
  if (read.maxOutputTokens !== undefined)
    read.maxOutputTokens = Math.min(read.maxOutputTokens, limit);
  else if (target.dialect === 'anthropic-messages') read.maxOutputTokens = limit;
  if (read.responseFormat !== undefined)
    read.responseFormat = readFormat(read.responseFormat, target);
  return read;
}

function readUser(user: string, { dialect }: Target): string {
  const fits = dialect.startsWith('openai')
    ? user.length <= 64
    : dialect !== 'bedrock-converse' || /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/.test(user);
  return fits ? user : userDigest(user);
}

function readTools(tools: readonly Loose[], request: CanonicalRequest, { dialect }: Target): Loose {
  let read = tools;
  let choice: Loose = request.toolChoice;
  const cutsChoice = dialect === 'anthropic-messages' || dialect === 'bedrock-converse';
  if (cutsChoice && choice?.type === 'allowed') {
    read = read.filter(({ name }) => choice.names.includes(name));
    choice = choice.mode === 'required' ? { type: 'required' } : undefined;
  }
  if (dialect === 'bedrock-converse') {
    if (choice?.type === 'none') read = [];
    read = read.map(({ description, ...tool }) => (description ? { ...tool, description } : tool));
  }
  if (dialect === 'gemini') {
    const natives = read.filter(({ native }) => native !== undefined);
    read = [...read.filter(({ native }) => native === undefined), ...natives];
    if (read.every(({ native }) => native !== undefined)) choice = undefined;
  }
  // Tools may also come with a stored prompt.
  const hasPrompt =
    dialect === 'openai-responses' && request.extensions?.fields.prompt !== undefined;
  const isBare = read.length === 0 && !hasPrompt;
  if (isBare) choice = undefined;
  const isSilent = isBare || (dialect === 'anthropic-messages' && choice?.type === 'none');
  return {
    tools: read,
    toolChoice: choiceOf(choice) ?? undefined,
    ...(isSilent ? { parallelToolCalls: undefined } : {}),
  };
}

function readFormat(format: Loose, { dialect }: Target): Loose {
  if (format.type !== 'json_schema') return format;
  const { type, name, description, schema, strict } = format;
  switch (dialect) {
    case 'openai-chat':
    case 'openai-responses':
      return { type, name: name ?? 'response', description, schema, strict };
    case 'bedrock-converse':
      return { type, name, description, schema };
    case 'anthropic-messages':
      return { type, schema: closed({ description, ...schema }) };
    case 'gemini':
      return { type, schema: { description, ...schema } };
  }
}

/** As the API of Anthropic demands it: no object is open that does not say so itself. */
function closed(schema: Loose): Loose {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = { ...schema };
  for (const key of ['items', 'anyOf']) if (key in inner) inner[key] = closed(inner[key]);
  for (const key of ['properties', '$defs']) {
    if (!(key in inner)) continue;
    const members = Object.entries(inner[key]).map(([name, member]) => [name, closed(member)]);
    inner[key] = Object.fromEntries(members);
  }
  return inner.type === 'object' ? { additionalProperties: false, ...inner } : inner;
}

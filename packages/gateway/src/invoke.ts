// What callers of InvokeModel post: the body of a model's own API, which alone says whose it is.
// Claude's and Nova's are read as the dialects that they are, and answered in their own form, and
// so are Titan's and Cohere's, which ask for vectors; those of others say too little to be carried
// elsewhere, and go as they are to the model that they are for.

import { anthropicMessages } from '@entrepot/dialects/anthropic-messages/dialect';
import { bedrockConverse } from '@entrepot/dialects/bedrock-converse/dialect';
import { cohereEmbeddings } from '@entrepot/dialects/bedrock-embeddings/cohere';
import { titanEmbeddings } from '@entrepot/dialects/bedrock-embeddings/titan';
import { bedrockNative } from '@entrepot/dialects/bedrock-native/dialect';
import { promptMembers } from '@entrepot/dialects/bedrock-native/families';
import { SseToChunks } from '@entrepot/dialects/chunk-frames';
import {
  type Dialect,
  DialectError,
  type HeaderMap,
  type PathFields,
} from '@entrepot/dialects/dialect';
import { badField } from '@entrepot/dialects/json';
import { jsonOf } from '@entrepot/dialects/json-member';
import { type JsonScan, scanJson } from '@entrepot/dialects/json-scan';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import { ConverseToChunks, converseToNova, novaToConverse } from '@entrepot/dialects/nova-invoke';
import type { Framing, Opened } from './endpoints.ts';

/** Bedrock's words for what goes wrong, whatever the dialect within. */
const words = {
  encodeError: bedrockConverse.encodeError,
  requestIdHeader: 'x-amzn-requestid',
} as const satisfies Partial<Dialect>;

const claude: Dialect = { ...anthropicMessages, ...words };

const framing = {
  contentType: bedrockConverse.streamContentType,
  fail: bedrockConverse.encodeStreamError,
} as const satisfies Partial<Framing>;

const claudeFraming: Framing = { ...framing, begin: () => new SseToChunks() };

const novaFraming: Framing = {
  ...framing,
  begin: () => new ConverseToChunks(),
  whole: converseToNova,
};

/**
 * Throws DialectError (invalid_request) for a body of a form that is not taken here, and for a
 * guardrail that would not go where the body goes.
 */
export function openInvoke(body: Buffer, path: PathFields, headers: HeaderMap): Opened {
  const { members } = scanJson(body);
  const opened = openAs(body, path, members);
  if (opened.dialect === bedrockNative) return { ...opened, headers: serviceHeaders(headers) };
  const guardrail = 'x-amzn-bedrock-guardrailidentifier';
  if (headers[guardrail] === undefined) return opened;
  const message =
    'A guardrail goes by invoke only with the body of a model that is not translated. Ask by ' +
    '/model/{model}/converse with guardrailConfig.';
  throw new DialectError({
    class: 'unsupported',
    message,
    code: 'unsupported_field',
    field: guardrail,
  });
}

/** What a caller asks of the service beside the body: a guardrail, a trace, a tier. */
function serviceHeaders(headers: HeaderMap): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('x-amzn-bedrock-') && typeof value === 'string' ? [name, value] : [],
  );
}

function openAs(body: Buffer, path: PathFields, members: JsonScan['members']): Opened {
  if (members.has('anthropic_version')) return openClaude(body, path, members);
  if (members.has('messages') && (members.has('schemaVersion') || members.has('inferenceConfig'))) {
    const converse = Buffer.from(novaToConverse(body));
    return { dialect: bedrockConverse, path, framing: novaFraming, body: converse, betas: null };
  }
  // Titan's models of text are asked by the same member, and have this one besides.
  const isTitan = members.has('inputText') && !members.has('textGenerationConfig');
  if (!path.stream && (isTitan || members.has('texts'))) {
    const dialect = members.has('texts') ? cohereEmbeddings : titanEmbeddings;
    return { dialect, path, framing: null, body, betas: null };
  }
  if (promptMembers.some(name => members.has(name))) {
    return { dialect: bedrockNative, path, framing: null, body, betas: null };
  }
  const message =
    'This gateway takes by invoke the bodies of Claude (with anthropic_version), of Nova ' +
    "(messages with inferenceConfig), of other models' own forms (prompt, messages, message or " +
    'inputText), and for embeddings of Titan (inputText) and Cohere (texts). Ask by ' +
    '/model/{model}/converse.';
  throw new DialectError({ class: 'invalid_request', message, code: 'unknown_body' });
}

/** Messages, with what Bedrock's path and body say put where Messages has it. */
function openClaude(body: Buffer, path: PathFields, members: JsonScan['members']): Opened {
  const beta = members.get('anthropic_beta');
  const betas = beta === undefined ? [] : jsonOf(body, beta);
  if (!Array.isArray(betas) || betas.some(name => typeof name !== 'string')) {
    throw badField('anthropic_beta', 'expected a list of strings');
  }
  const put = { model: JSON.stringify(path.model), stream: String(path.stream) };
  const messages = spliceMembers(body, ['anthropic_version', 'anthropic_beta'], put);
  return {
    dialect: claude,
    path: undefined,
    framing: claudeFraming,
    body: Buffer.from(messages),
    betas: betas.length === 0 ? null : betas.join(','),
  };
}

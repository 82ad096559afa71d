// A caller's embeddings request to the canonical form. Strict: a field of a wrong type is refused
// with its path. Fields that are not known are kept as extensions.

import type { EmbedInput, EmbedRequest, EmbedTask } from '../embedding.ts';
import { given } from '../given.ts';
import { badField, ObjectReader, parseJsonObject } from '../json.ts';

const known: ReadonlySet<string> = new Set([
  'model',
  'input',
  'encoding_format',
  'dimensions',
  'input_type',
  'user',
]);

/**
 * openai has no such field; hosts of models that tell a query from a document do, in the words of
 * cohere or of nvidia (docs.nvidia.com/nim, openrouter.ai/docs, seen 2026-11-24).
 */
const tasks: Readonly<Record<string, EmbedTask>> = {
  query: 'query',
  search_query: 'query',
  passage: 'document',
  document: 'document',
  search_document: 'document',
  classification: 'classification',
  clustering: 'clustering',
};

/** Throws DialectError of class `invalid_request`, with the field where there is one. */
export function decodeRequest(bytes: Uint8Array): EmbedRequest {
  const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
  const model = body.requiredString('model');
  if (model === '') throw badField('model', 'it is empty');
  const word = body.oneOf('input_type', Object.keys(tasks));
  const task = word === undefined ? {} : { task: tasks[word]! };
  const own = body.unknownFields(known);
  return {
    model,
    inputs: decodeInputs(body).map(input => ({ ...input, ...task })),
    encoding: body.oneOf('encoding_format', ['float', 'base64']) ?? 'float',
    ...given({
      dimensions: body.integer('dimensions', 1),
      user: body.string('user'),
      extensions: own === undefined ? undefined : { dialect: 'openai-embeddings', fields: own },
    }),
  };
}

/** A text, texts, the tokens of one text, or of several. */
function decodeInputs(body: ObjectReader): readonly EmbedInput[] {
  const value = body.value('input');
  if (typeof value === 'string') return [textInput(value, 'input')];
  if (!Array.isArray(value)) throw badField('input', 'expected a string or an array');
  if (value.length === 0) throw badField('input', 'it is empty');
  if (typeof value[0] === 'number') return [tokensInput(value, 'input')];
  return value.map((item, index) => {
    const path = `input[${index}]`;
    return typeof item === 'string' ? textInput(item, path) : tokensInput(item, path);
  });
}

function textInput(text: string, path: string): EmbedInput {
  if (text === '') throw badField(path, 'it is empty');
  return { type: 'text', text };
}

function tokensInput(value: unknown, path: string): EmbedInput {
  if (!Array.isArray(value)) throw badField(path, 'expected a string or an array of integers');
  if (value.length === 0) throw badField(path, 'it is empty');
  const tokens: readonly unknown[] = value;
  if (!tokens.every(isToken)) throw badField(path, 'expected integers');
  return { type: 'tokens', tokens };
}

function isToken(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

// A caller's generateContent request to the canonical form. Strict: a field of a wrong type is
// refused with its path. Fields that only Google has are kept as extensions.

import type { CanonicalRequest } from '../canonical.ts';
import type { PathFields } from '../dialect.ts';
import { given } from '../given.ts';
import { badField, parseJsonObject } from '../json.ts';
import { decodeMessages } from './content-decode.ts';
import { decodeGeneration } from './generation-decode.ts';
import { ProtoReader } from './proto-reader.ts';
import { decodeTools } from './tool-decode.ts';

/** The path says the model; a `model` in the body, which batches have, says it again. */
const known: ReadonlySet<string> = new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
]);
const tiers = ['unspecified', 'standard', 'flex', 'priority'] as const;

/** Throws DialectError: `invalid_request` with the field, or `unsupported` for half a call. */
export function decodeRequest(bytes: Uint8Array, path?: PathFields): CanonicalRequest {
  return decodeBody(new ProtoReader(parseJsonObject(bytes, 'invalid_request'), ''), pathOf(path));
}

export function decodeBody(body: ProtoReader, { model, stream }: PathFields): CanonicalRequest {
  const { fields, extension } = decodeGeneration(body);
  const { extensions, ...tools } = decodeTools(body);
  const own = {
    ...body.unknownFields(known),
    ...extensions,
    ...(extension === undefined ? {} : { generationConfig: extension }),
  };
  const tier = body.oneOf('serviceTier', tiers);
  return {
    model,
    messages: decodeMessages(body),
    stream,
    // Every chunk has it.
    includeUsage: stream,
    ...fields,
    ...tools,
    ...given({
      serviceTier: tier === 'flex' || tier === 'priority' ? tier : undefined,
      extensions: Object.keys(own).length === 0 ? undefined : { dialect: 'gemini', fields: own },
    }),
  };
}

/** Throws DialectError where the path names no model. */
export function pathOf(path: PathFields | undefined): PathFields {
  if (path === undefined || path.model === '') throw badField('model', 'the path must name it');
  return path;
}

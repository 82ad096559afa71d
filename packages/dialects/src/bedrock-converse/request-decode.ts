// A caller's Converse request to the canonical form. Strict: a field of a wrong type is refused
// with its path. Fields that are not known are kept as extensions.

import type { CanonicalRequest } from '../canonical.ts';
import type { PathFields } from '../dialect.ts';
import { given } from '../given.ts';
import { ObjectReader, parseJsonObject } from '../json.ts';
import { pathOf } from '../path-fields.ts';
import { decodeMessages } from './message-decode.ts';
import { decodeModelFields } from './reasoning-decode.ts';
import { decodeFormat, decodeToolChoice, decodeTools } from './tool-decode.ts';
import { issuerOf } from './vendor.ts';

const known: ReadonlySet<string> = new Set([
  'messages',
  'system',
  'inferenceConfig',
  'toolConfig',
  'additionalModelRequestFields',
  'outputConfig',
  'serviceTier',
  'requestMetadata',
]);

/** Where Claude tells which sequence stopped it, in an answer and in a stream. */
export const stopSequencePaths: readonly string[] = ['/stop_sequence', '/delta/stop_sequence'];

/** Throws DialectError of class `invalid_request`, with the field where there is one. */
export function decodeRequest(bytes: Uint8Array, path?: PathFields): CanonicalRequest {
  return decodeBody(new ObjectReader(parseJsonObject(bytes, 'invalid_request'), ''), pathOf(path));
}

export function decodeBody(body: ObjectReader, { model, stream }: PathFields): CanonicalRequest {
  const config = body.child('inferenceConfig');
  const tools = body.child('toolConfig');
  const output = body.child('outputConfig');
  const fields = decodeModelFields(body.child('additionalModelRequestFields'), output);
  return {
    model,
    messages: decodeMessages(body, issuerOf(model)),
    stream,
    includeUsage: true,
    ...given({
      maxOutputTokens: config?.integer('maxTokens', 1),
      temperature: config?.number('temperature', 0, 1),
      topP: config?.number('topP', 0, 1),
      topK: fields.topK,
      stop: config?.strings('stopSequences'),
      tools: decodeTools(tools),
      toolChoice: decodeToolChoice(tools),
      responseFormat: decodeFormat(output),
      reasoning: fields.reasoning,
      serviceTier: body.child('serviceTier')?.string('type'),
      extensions: decodeExtensions(body, output, fields.rest),
      ...decodeMetadata(body),
    }),
  };
}

/** Labels for the service's log; `user` among them is the end user. */
function decodeMetadata(body: ObjectReader): Pick<CanonicalRequest, 'metadata' | 'user'> {
  const labels = body.child('requestMetadata');
  if (labels === undefined) return {};
  for (const key of Object.keys(labels.object)) labels.requiredString(key);
  const { user, ...metadata } = labels.object as Record<string, string>;
  return {
    ...(user === undefined ? {} : { user }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function decodeExtensions(
  body: ObjectReader,
  output: ObjectReader | undefined,
  modelFields: ObjectReader['object'] | null,
): CanonicalRequest['extensions'] {
  const fields = { ...body.unknownFields(known) };
  const paths = body.strings('additionalModelResponseFieldPaths') ?? [];
  // Asked for by the encoder too.
  if (paths.every(path => stopSequencePaths.includes(path))) {
    delete fields.additionalModelResponseFieldPaths;
  }
  const outputRest = output?.unknownFields(new Set(['effort', 'textFormat']));
  if (outputRest !== undefined) fields.outputConfig = outputRest;
  if (modelFields !== null) fields.additionalModelRequestFields = modelFields;
  const said = Object.entries(fields).filter(([, value]) => value !== null);
  if (said.length === 0) return undefined;
  return { dialect: 'bedrock-converse', fields: Object.fromEntries(said) };
}

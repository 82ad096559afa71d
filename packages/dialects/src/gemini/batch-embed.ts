// batchEmbedContents of Google: a vector for each content. This is what the SDK calls, and what
// others' requests become (ai.google.dev/api/embeddings, seen 2026-11-24).

import type { EmbedDialect } from '../dialect.ts';
import type { EmbedRequest } from '../embedding.ts';
import { given } from '../given.ts';
import { badField, objectsAt, parseJsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { bytesOf } from '../utf8.ts';
import { checkVectors, vectorFromJson } from '../vector.ts';
import { embedUsage, encodeEmbedUsage, readUsage } from './embed-answer.ts';
import { embedFieldName, reportOthers } from './embed-fields.ts';
import { decodeItem, encodeItem, itemKeys } from './embed-item.ts';
import { scanEmbed } from './embed-scan.ts';
import { decodeError, encodeError } from './errors.ts';
import { ProtoReader } from './proto-reader.ts';
import { pathOf } from './request-decode.ts';

export const geminiBatchEmbed: EmbedDialect = {
  name: 'gemini-batch-embed',
  operation: 'embed',
  partOf: 'gemini',
  scan: scanEmbed,
  splice: body => [body],
  decodeRequest: (bytes, path): EmbedRequest => {
    const named = pathOf(path);
    const body = new ProtoReader(parseJsonObject(bytes, 'invalid_request'), '');
    const items = body.objects('requests') ?? [];
    if (items.length === 0) throw badField('requests', 'it is empty');
    return {
      model: named.model,
      inputs: items.map(item => decodeItem(item, named)),
      encoding: 'float',
      ...given({ dimensions: dimensionsOf(items), extensions: extensionsOf(items) }),
    };
  },
  encodeRequest: (request, target) => {
    const losses = new Losses();
    const own = reportOthers(request, 'gemini-embed', losses);
    const requests = request.inputs.map(input => ({
      ...own,
      ...encodeItem(input, request.dimensions, target),
    }));
    return { body: bytesOf(JSON.stringify({ requests })), losses: losses.list };
  },
  decodeResponse: (bytes, _headers, context) => {
    const body = parseJsonObject(bytes, 'upstream');
    const vectors = objectsAt(body, 'embeddings').map(one => vectorFromJson(one.values));
    checkVectors(vectors, context.request?.inputs.length);
    return { model: context.model, vectors, usage: embedUsage(body) };
  },
  encodeResponse: answer => {
    const embeddings = answer.vectors.map(vector => ({ values: Array.from(vector) }));
    const body = { embeddings, ...encodeEmbedUsage(answer) };
    return { body: bytesOf(JSON.stringify(body)), losses: [] };
  },
  readUsage,
  decodeError,
  encodeError,
  vital: new Set(['dimensions']),
  fieldName: embedFieldName,
};

function dimensionsOf(items: readonly ProtoReader[]): number | undefined {
  const [first, ...more] = items.map(item => item.integer('outputDimensionality', 1));
  const other = more.findIndex(dimensions => dimensions !== first);
  if (other === -1) return first;
  throw items[other + 1]!.bad('outputDimensionality', 'it must be the same in all requests');
}

/** Every request has them, or none: one set of them goes on with all. */
function extensionsOf(items: readonly ProtoReader[]): EmbedRequest['extensions'] {
  const [first, ...more] = items.map(item => item.unknownFields(itemKeys));
  const text = JSON.stringify(first);
  const other = more.findIndex(fields => JSON.stringify(fields) !== text);
  if (other !== -1) {
    const key = Object.keys(more[other] ?? first ?? {})[0]!;
    throw items[other + 1]!.bad(key, 'it must be the same in all requests');
  }
  return first === undefined ? undefined : { dialect: 'gemini-embed', fields: first };
}

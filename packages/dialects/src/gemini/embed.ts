// embedContent of Google: one content, one vector (ai.google.dev/api/embeddings, seen 2026-11-24;
// types of the SDK @google/genai 3.1.0).

import type { EmbedDialect } from '../dialect.ts';
import { uncarried } from '../embed-inputs.ts';
import type { EmbedRequest } from '../embedding.ts';
import { given } from '../given.ts';
import { objectAt, parseJsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { bytesOf } from '../utf8.ts';
import { vectorFromJson } from '../vector.ts';
import { embedUsage, encodeEmbedUsage, readUsage } from './embed-answer.ts';
import { embedFieldName, reportOthers } from './embed-fields.ts';
import { decodeItem, encodeItem, itemKeys } from './embed-item.ts';
import { scanEmbed } from './embed-scan.ts';
import { decodeError, encodeError } from './errors.ts';
import { ProtoReader } from './proto-reader.ts';
import { pathOf } from './request-decode.ts';

export const geminiEmbed: EmbedDialect = {
  name: 'gemini-embed',
  operation: 'embed',
  partOf: 'gemini',
  scan: scanEmbed,
  splice: body => [body],
  decodeRequest: (bytes, path): EmbedRequest => {
    const named = pathOf(path);
    const body = new ProtoReader(parseJsonObject(bytes, 'invalid_request'), '');
    const own = body.unknownFields(itemKeys);
    return {
      model: named.model,
      inputs: [decodeItem(body, named)],
      encoding: 'float',
      ...given({
        dimensions: body.integer('outputDimensionality', 1),
        extensions: own === undefined ? undefined : { dialect: 'gemini-embed', fields: own },
      }),
    };
  },
  encodeRequest: (request, target) => {
    const [input, ...more] = request.inputs;
    if (more.length > 0) throw uncarried('inputs', 'a call takes one content here');
    const losses = new Losses();
    const own = reportOthers(request, 'gemini-embed', losses);
    const body = { ...own, ...encodeItem(input!, request.dimensions, target) };
    return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
  },
  decodeResponse: (bytes, _headers, context) => {
    const body = parseJsonObject(bytes, 'upstream');
    const vector = vectorFromJson(objectAt(body, 'embedding')?.values);
    return { model: context.model, vectors: [vector], usage: embedUsage(body) };
  },
  encodeResponse: answer => {
    const embedding = { values: Array.from(answer.vectors[0] ?? []) };
    const body = { embedding, ...encodeEmbedUsage(answer) };
    return { body: bytesOf(JSON.stringify(body)), losses: [] };
  },
  readUsage,
  decodeError,
  encodeError,
  vital: new Set(['dimensions']),
  fieldName: embedFieldName,
};

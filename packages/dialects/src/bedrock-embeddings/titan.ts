// Amazon Titan on Bedrock: one text, one vector (docs.aws.amazon.com/bedrock/latest/userguide,
// "Amazon Titan Embeddings G1 - Text", seen 2026-11-24).

import type { Usage } from '../canonical.ts';
import type { EmbedDialect } from '../dialect.ts';
import { taskOf, textsOf, uncarried } from '../embed-inputs.ts';
import type { EmbedRequest } from '../embedding.ts';
import { given } from '../given.ts';
import { inputUsage } from '../input-usage.ts';
import { type JsonObject, numberAt, ObjectReader, parseJsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { pathOf } from '../path-fields.ts';
import { bytesOf } from '../utf8.ts';
import { vectorFromJson } from '../vector.ts';
import { byInvoke, ownFields } from './by-invoke.ts';

const known: ReadonlySet<string> = new Set(['inputText', 'dimensions']);

/** Models whose vectors have one length. */
const fixedLength = /titan-embed-(text-v1|g1-text)/;

export const titanEmbeddings: EmbedDialect = {
  ...byInvoke,
  name: 'titan-embeddings',
  decodeRequest: (bytes, path): EmbedRequest => {
    const model = pathOf(path).model;
    const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
    const own = body.unknownFields(known);
    return {
      model,
      inputs: [{ type: 'text', text: body.requiredString('inputText') }],
      encoding: 'float',
      ...given({
        dimensions: body.integer('dimensions', 1),
        extensions: own === undefined ? undefined : { dialect: 'titan-embeddings', fields: own },
      }),
    };
  },
  encodeRequest: (request, { name }) => {
    const losses = new Losses();
    const { inputs, dimensions } = request;
    const [inputText, ...more] = textsOf(inputs);
    if (more.length > 0) throw uncarried('inputs', 'a call of Titan takes one text');
    // Its models make the same vector for every task: nothing is missing without.
    if (taskOf(inputs) !== undefined) losses.addMinor('task', 'there is no such field here');
    const isFixed = fixedLength.test(name);
    if (isFixed && dimensions !== undefined) {
      losses.add('dimensions', 'this model has one length of vectors');
    }
    const own = ownFields(request, 'titan-embeddings', losses);
    const body = { ...own, inputText, ...(isFixed ? {} : given({ dimensions })) };
    return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
  },
  decodeResponse: (bytes, _headers, { model }) => {
    const body = parseJsonObject(bytes, 'upstream');
    return { model, vectors: [vectorFromJson(body.embedding)], usage: usageOf(body) };
  },
  encodeResponse: ({ vectors, usage }) => {
    const embedding = Array.from(vectors[0] ?? []);
    const losses = new Losses();
    if (usage === null) losses.add('usage', 'the upstream did not say how many tokens it read');
    const inputTextTokenCount = usage?.inputTokens ?? 0;
    const body = { embedding, inputTextTokenCount, embeddingsByType: { float: embedding } };
    return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
  },
  readUsage: bytes => ({ usage: usageOf(parseJsonObject(bytes, 'upstream')), stopRaw: null }),
  fieldName: path => (path === 'inputs' ? 'inputText' : path.replace(/^extensions\./, '')),
};

function usageOf(body: JsonObject): Usage | null {
  const tokens = numberAt(body, 'inputTextTokenCount');
  return tokens === undefined ? null : inputUsage(tokens);
}

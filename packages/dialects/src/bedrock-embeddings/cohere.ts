// Cohere's Embed on Bedrock: up to 96 texts, which must have a task. What was read is counted in a
// header of the service (docs.aws.amazon.com/bedrock/latest/userguide, "Cohere Embed v3", "Cohere
// Embed v4", seen 2026-11-24).

import type { EmbedDialect } from '../dialect.ts';
import { taskOf, textsOf, uncarried } from '../embed-inputs.ts';
import type { EmbedRequest, EmbedTask } from '../embedding.ts';
import { given } from '../given.ts';
import { headerUsage } from '../invoke-usage.ts';
import { arrayAt, badField, isObject, ObjectReader, parseJsonObject } from '../json.ts';
import { Losses } from '../losses.ts';
import { pathOf } from '../path-fields.ts';
import { bytesOf } from '../utf8.ts';
import { checkVectors, vectorFromJson } from '../vector.ts';
import { byInvoke, ownFields } from './by-invoke.ts';

const known: ReadonlySet<string> = new Set(['texts', 'input_type', 'output_dimension']);

const tasks: Readonly<Record<string, EmbedTask>> = {
  search_query: 'query',
  search_document: 'document',
  classification: 'classification',
  clustering: 'clustering',
};

/** A question, a claim or a wish for code is what a search begins with. */
const words: Readonly<Partial<Record<EmbedTask, string>>> = {
  query: 'search_query',
  question: 'search_query',
  'code-query': 'search_query',
  'fact-check': 'search_query',
  document: 'search_document',
  classification: 'classification',
  clustering: 'clustering',
};

/** Models whose vectors have one length. */
const fixedLength = /embed-(english|multilingual)/;

const names: Readonly<Record<string, string>> = {
  inputs: 'texts',
  task: 'input_type',
  dimensions: 'output_dimension',
};

export const cohereEmbeddings: EmbedDialect = {
  ...byInvoke,
  name: 'cohere-embeddings',
  decodeRequest: (bytes, path): EmbedRequest => {
    const model = pathOf(path).model;
    const body = new ObjectReader(parseJsonObject(bytes, 'invalid_request'), '');
    const texts = body.strings('texts') ?? [];
    if (texts.length === 0) throw badField('texts', 'it is required');
    const word = body.oneOf('input_type', Object.keys(tasks));
    if (word === undefined) throw badField('input_type', 'it is required');
    const own = body.unknownFields(known);
    return {
      model,
      inputs: texts.map(text => ({ type: 'text', text, task: tasks[word]! })),
      encoding: 'float',
      ...given({
        dimensions: body.integer('output_dimension', 1),
        extensions: own === undefined ? undefined : { dialect: 'cohere-embeddings', fields: own },
      }),
    };
  },
  encodeRequest: (request, { name }) => {
    const losses = new Losses();
    const { inputs, dimensions } = request;
    const texts = textsOf(inputs);
    // The field is required: a text of which nothing is said is one to be found.
    const task = taskOf(inputs) ?? 'document';
    const word = words[task];
    if (word === undefined) throw uncarried('task', `Cohere has none for ${task}`);
    if (dimensions !== undefined && fixedLength.test(name)) {
      throw uncarried('dimensions', 'this model has one length of vectors');
    }
    const own = ownFields(request, 'cohere-embeddings', losses);
    const body = { ...own, texts, input_type: word, ...given({ output_dimension: dimensions }) };
    return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
  },
  decodeResponse: (bytes, headers, { model, request }) => {
    const { embeddings } = parseJsonObject(bytes, 'upstream');
    // They stand in a list, or by their type.
    const list = isObject(embeddings) ? arrayAt(embeddings, 'float') : embeddings;
    const vectors = (Array.isArray(list) ? list : []).map(vectorFromJson);
    if (vectors.length === 0) vectorFromJson(undefined);
    checkVectors(vectors, request?.inputs.length);
    return { model, vectors, usage: headerUsage(headers) };
  },
  encodeResponse: ({ vectors }, { id, request }) => {
    const texts = request?.inputs.flatMap(input => (input.type === 'text' ? input.text : []));
    const embeddings = vectors.map(vector => Array.from(vector));
    const body = { id, response_type: 'embeddings_floats', embeddings, texts: texts ?? [] };
    return { body: bytesOf(JSON.stringify(body)), losses: [] };
  },
  readUsage: (bytes, headers = {}) => {
    parseJsonObject(bytes, 'upstream');
    return { usage: headerUsage(headers), stopRaw: null };
  },
  fieldName: path => {
    const field = path.replace(/^extensions\./, '');
    return Object.hasOwn(names, field) ? names[field]! : field;
  },
};

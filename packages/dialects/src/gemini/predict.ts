// predict of Vertex AI, in which its older models of embeddings are called: texts as instances,
// vectors as predictions (cloud.google.com/vertex-ai/generative-ai/docs, "Text embeddings API",
// seen 2026-11-24).

import type { EmbedDialect } from '../dialect.ts';
import { textsOf } from '../embed-inputs.ts';
import type { EmbedInput, EmbedRequest } from '../embedding.ts';
import { given } from '../given.ts';
import { inputUsage } from '../input-usage.ts';
import {
  badField,
  type JsonObject,
  numberAt,
  objectAt,
  objectsAt,
  parseJsonObject,
} from '../json.ts';
import { Losses } from '../losses.ts';
import { bytesOf } from '../utf8.ts';
import { checkVectors, vectorFromJson } from '../vector.ts';
import { embedFieldName, reportOthers } from './embed-fields.ts';
import { taskOfWord, taskWords, wordOfTask } from './embed-item.ts';
import { scanEmbed } from './embed-scan.ts';
import { decodeError, encodeError } from './errors.ts';
import { ProtoReader } from './proto-reader.ts';
import { pathOf } from './request-decode.ts';

export const vertexPredict: EmbedDialect = {
  name: 'vertex-predict',
  operation: 'embed',
  scan: scanEmbed,
  splice: body => [body],
  decodeRequest: (bytes, path): EmbedRequest => {
    const { model } = pathOf(path);
    const body = new ProtoReader(parseJsonObject(bytes, 'invalid_request'), '');
    const instances = body.objects('instances') ?? [];
    if (instances.length === 0) throw badField('instances', 'it is empty');
    const parameters = body.child('parameters');
    const own = parameters?.unknownFields(new Set(['outputDimensionality']));
    return {
      model,
      inputs: instances.map(decodeInstance),
      encoding: 'float',
      ...given({
        dimensions: parameters?.integer('outputDimensionality', 1),
        extensions: own === undefined ? undefined : { dialect: 'vertex-predict', fields: own },
      }),
    };
  },
  encodeRequest: request => {
    const losses = new Losses();
    const own = reportOthers(request, 'vertex-predict', losses);
    const texts = textsOf(request.inputs);
    const instances = request.inputs.map(({ task, title }, index) => ({
      content: texts[index],
      ...given({ task_type: wordOfTask(task), title }),
    }));
    const parameters = { ...own, ...given({ outputDimensionality: request.dimensions }) };
    const body = { instances, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) };
    return { body: bytesOf(JSON.stringify(body)), losses: losses.list };
  },
  decodeResponse: (bytes, _headers, context) => {
    const body = parseJsonObject(bytes, 'upstream');
    const vectors = embeddingsOf(body).map(one => vectorFromJson(one?.values));
    checkVectors(vectors, context.request?.inputs.length);
    return { model: context.model, vectors, usage: usageOf(body) };
  },
  encodeResponse: ({ vectors, usage }) => {
    // Tokens are counted by vector: the first one has them all.
    const predictions = vectors.map((vector, index) => {
      const tokens = index === 0 ? (usage?.inputTokens ?? 0) : 0;
      const statistics = { truncated: false, token_count: tokens };
      return { embeddings: { values: Array.from(vector), statistics } };
    });
    return { body: bytesOf(JSON.stringify({ predictions })), losses: [] };
  },
  readUsage: bytes => ({ usage: usageOf(parseJsonObject(bytes, 'upstream')), stopRaw: null }),
  decodeError,
  encodeError,
  vital: new Set(['dimensions']),
  fieldName: path => (path === 'inputs' ? 'instances' : embedFieldName(path)),
};

function decodeInstance(instance: ProtoReader): EmbedInput {
  const text = instance.requiredString('content');
  const task = taskOfWord(instance.enumWord('taskType', taskWords));
  return { type: 'text', text, ...given({ task, title: instance.string('title') }) };
}

function embeddingsOf(body: JsonObject): readonly (JsonObject | undefined)[] {
  return objectsAt(body, 'predictions').map(prediction => objectAt(prediction, 'embeddings'));
}

function usageOf(body: JsonObject): ReturnType<typeof inputUsage> | null {
  let tokens = 0;
  for (const embeddings of embeddingsOf(body)) {
    const count = numberAt(objectAt(embeddings, 'statistics'), 'token_count');
    if (count === undefined) return null;
    tokens += count;
  }
  return inputUsage(tokens);
}

// Proves the table of embeddings: each form in which vectors are asked for, and each wish in it,
// posted to each place, is answered with them or refused with the reason of the cell. How: the
// simulated clouds, which make vectors of the length that each model has.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { embeddings } from '../../src/capabilities/embeddings.ts';
import { type EmbeddingPlace, embeddingPlaces } from '../sdk/embedding-places.ts';
import { type Loose, type PlaceAt, type Posting, proveAnswer, startPosting } from './posting.ts';

type Place = (typeof embeddings.places)[number];

/** By the name that the SDKs' tests have for it. */
const names: Readonly<Record<Place, string>> = {
  'openai-api': 'openai-api',
  'azure-openai': 'azure-openai',
  'openai-compatible': 'openai-compatible',
  'gemini-api, gemini-embedding-2': 'gemini-api',
  'gemini-api, gemini-embedding-001': 'gemini-api, older',
  'vertex-ai, by predict': 'vertex-ai by predict',
  'vertex-ai, by embedContent': 'vertex-ai by embedContent',
  'bedrock, Titan v2': 'bedrock with Titan',
  'bedrock, Titan v1': 'bedrock with older Titan',
  'bedrock, Cohere v4': 'bedrock with Cohere',
  'bedrock, Cohere v3': 'bedrock with older Cohere',
};

const placeOf = (name: Place): EmbeddingPlace =>
  embeddingPlaces.find(place => place.name === names[name])!;

function atPlace(name: Place): PlaceAt {
  const { service, model, serviceModelId, dialect } = placeOf(name);
  const limits = { features: [], contextTokens: 8192, maxOutputTokens: null };
  const offer = { model, serviceModelId, dialects: [dialect], ...limits };
  return { service, kind: 'embedding', offer };
}

const text = 'Which port is cheapest?';
const parts = [{ text }];

interface Form {
  readonly body: (model: string, place: EmbeddingPlace) => unknown;
  /** undefined is what the errand is about, missing. */
  readonly found: (body: Loose, place: EmbeddingPlace) => Loose;
  /** Where `said` is a field of the body, and no address. */
  readonly address?: string;
}

const openai = '/v1/embeddings';
const batched = (model: string): unknown => ({
  requests: [{ model: `models/${model}`, content: { parts } }],
});
const ofLength = (vector: number[] | undefined, { length }: EmbeddingPlace): boolean | undefined =>
  vector?.length === length || undefined;

/** How each errand is asked, and what of the answer it is. */
const forms: Readonly<Record<string, Form>> = {
  'of openai': {
    body: model => ({ model, input: text }),
    found: ({ data }, place) => ofLength(data[0].embedding, place),
  },
  'of Gemini': {
    body: () => ({ content: { parts } }),
    found: ({ embedding }, place) => ofLength(embedding.values, place),
  },
  'of Gemini, a batch': {
    body: batched,
    found: body => body.embeddings[0].values[0],
  },
  'of Vertex AI': {
    body: () => ({ instances: [{ content: text }] }),
    found: ({ predictions }, place) => ofLength(predictions[0].embeddings.values, place),
  },
  'of Titan': {
    body: () => ({ inputText: text }),
    found: ({ embedding }, place) => ofLength(embedding, place),
  },
  'of Cohere': {
    body: () => ({ texts: [text], input_type: 'search_document' }),
    found: body => body.embeddings[0][0],
  },
  'several texts': {
    body: model => ({ model, input: [text, 'The ship is loading.'] }),
    found: ({ data }) => data[1],
    address: openai,
  },
  'a length': {
    body: (model, { shorter }) => ({ model, input: text, dimensions: shorter ?? 128 }),
    found: ({ data }, { shorter }) => ofLength(data[0].embedding, { length: shorter } as never),
    address: openai,
  },
  'ids of tokens': {
    body: model => ({ model, input: [[1, 2, 3]] }),
    found: ({ data }) => data[0],
    address: openai,
  },
  'a task': {
    body: () => ({ content: { parts }, taskType: 'RETRIEVAL_QUERY' }),
    found: ({ embedding }) => embedding.values[0],
    address: '/v1beta/models/{model}:embedContent',
  },
  'tokens that were read': {
    body: model => ({ model, input: text }),
    found: ({ usage }) => usage.prompt_tokens || undefined,
    address: openai,
  },
};

let posting: Posting;
before(async () => {
  const at = embeddings.places.map(place => [place, atPlace(place)]);
  posting = await startPosting(Object.fromEntries(at));
});
after(() => posting.close());

for (const errand of embeddings.errands) {
  describe(errand.name, () => {
    const { address = errand.said, body, found } = forms[errand.name]!;
    for (const place of embeddings.places) {
      test(`at ${place}: ${errand.at[place].is}`, async () => {
        const model = posting.routeOf(place);
        const path = address.replace('{model}', model);
        const response = await posting.post(path, body(model, placeOf(place)));
        const isThere = (answer: Loose): boolean => found(answer, placeOf(place)) !== undefined;
        await proveAnswer(response, errand.at[place], isThere);
      });
    }
  });
}

test('each form has an errand, and each errand a form', () => {
  assert.deepEqual(
    Object.keys(forms),
    embeddings.errands.map(({ name }) => name),
  );
});

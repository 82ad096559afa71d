// Vectors of texts: what each form in which they are asked for, and each wish in it, comes to at
// each model family that makes them.

import { atEach, carriedThere, type Errand, type ErrandTable } from './errand.ts';

const openai = ['openai-api', 'azure-openai', 'openai-compatible'] as const;
const titan = ['bedrock, Titan v2', 'bedrock, Titan v1'] as const;
const cohere = ['bedrock, Cohere v4', 'bedrock, Cohere v3'] as const;
const google = [
  'gemini-api, gemini-embedding-2',
  'gemini-api, gemini-embedding-001',
  'vertex-ai, by predict',
  'vertex-ai, by embedContent',
] as const;
type Place =
  | (typeof openai)[number]
  | (typeof google)[number]
  | (typeof titan)[number]
  | (typeof cohere)[number];
const places: readonly Place[] = [...openai, ...google, ...titan, ...cohere];

const everywhere = atEach(places, carriedThere);
const refused = (why: string) => ({ is: 'refused', why }) as const;
const lost = (why: string) => ({ is: 'lossy', why }) as const;
const oneText = refused('takes one');
const noLength = refused('dimensions');

const asked = (name: string, said: string): Errand<Place> => ({ name, said, at: everywhere });

export const embeddings: ErrandTable<Place> = {
  title: 'Embeddings',
  places,
  errands: [
    asked('of openai', '/v1/embeddings'),
    asked('of Gemini', '/v1beta/models/{model}:embedContent'),
    asked('of Gemini, a batch', '/v1beta/models/{model}:batchEmbedContents'),
    asked('of Vertex AI', '/v1/publishers/google/models/{model}:predict'),
    asked('of Titan', '/model/{model}/invoke'),
    {
      name: 'of Cohere',
      said: '/model/{model}/invoke',
      at: { ...everywhere, ...atEach([...openai, ...titan], lost('input_type')) },
    },
    {
      name: 'several texts',
      said: 'input',
      at: { ...everywhere, ...atEach(titan, oneText), 'vertex-ai, by embedContent': oneText },
    },
    {
      name: 'a length',
      said: 'dimensions',
      at: { ...everywhere, 'bedrock, Titan v1': noLength, 'bedrock, Cohere v3': noLength },
    },
    {
      name: 'ids of tokens',
      said: 'input',
      at: {
        ...everywhere,
        ...atEach([...google, ...titan, ...cohere], refused('tokens')),
      },
    },
    {
      name: 'a task',
      said: 'taskType',
      at: { ...everywhere, ...atEach([...openai, ...titan], lost('taskType')) },
    },
    {
      name: 'tokens that were read',
      said: 'usage',
      at: {
        ...everywhere,
        'gemini-api, gemini-embedding-001': lost('usage'),
      },
    },
  ],
};

// Where embeddings are made: one place for each form that a cloud is asked in.

import type { TestContext } from 'node:test';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import { Rig, type Service } from '../rig.ts';
import { deploymentAt } from './clouds.ts';

export interface EmbeddingPlace {
  readonly name: string;
  readonly service: Service;
  readonly model: string;
  readonly serviceModelId: string;
  readonly dialect: string;
  /** The length of the vectors, and another one where there is a choice. */
  readonly length: number;
  readonly shorter: number | null;
  /** One text a call. */
  readonly single?: true;
  /** Does not say how many tokens it read. */
  readonly silent?: true;
}

export const embeddingPlaces: readonly EmbeddingPlace[] = [
  ...(['openai-api', 'azure-openai', 'openai-compatible'] as const).map(service => ({
    name: service,
    service,
    model: 'openai/text-embedding-3-small',
    serviceModelId: 'text-embedding-3-small',
    dialect: 'openai-embeddings',
    length: 1536,
    shorter: 256,
  })),
  {
    name: 'gemini-api',
    service: 'gemini-api',
    model: 'google/gemini-embedding-2',
    serviceModelId: 'gemini-embedding-2',
    dialect: 'gemini',
    length: 3072,
    shorter: 768,
  },
  {
    name: 'gemini-api, older',
    service: 'gemini-api',
    model: 'google/gemini-embedding-001',
    serviceModelId: 'gemini-embedding-001',
    dialect: 'gemini',
    length: 3072,
    shorter: 768,
    silent: true,
  },
  {
    name: 'bedrock with Titan',
    service: 'bedrock',
    model: 'amazon/titan-embed-text-v2',
    serviceModelId: 'amazon.titan-embed-text-v2:0',
    dialect: 'bedrock-invoke',
    length: 1024,
    shorter: 256,
    single: true,
  },
  {
    name: 'bedrock with older Titan',
    service: 'bedrock',
    model: 'amazon/titan-embed-text-v1',
    serviceModelId: 'amazon.titan-embed-text-v1',
    dialect: 'bedrock-invoke',
    length: 1536,
    shorter: null,
    single: true,
  },
  {
    name: 'bedrock with Cohere',
    service: 'bedrock',
    model: 'cohere/embed-v4',
    serviceModelId: 'cohere.embed-v4:0',
    dialect: 'bedrock-invoke',
    length: 1536,
    shorter: 512,
  },
  {
    name: 'bedrock with older Cohere',
    service: 'bedrock',
    model: 'cohere/embed-english-v3',
    serviceModelId: 'cohere.embed-english-v3',
    dialect: 'bedrock-invoke',
    length: 1024,
    shorter: null,
  },
  {
    name: 'vertex-ai by predict',
    service: 'vertex-ai',
    model: 'google/text-embedding-005',
    serviceModelId: 'text-embedding-005',
    dialect: 'vertex-predict',
    length: 768,
    shorter: 256,
  },
  {
    name: 'vertex-ai by embedContent',
    service: 'vertex-ai',
    model: 'google/gemini-embedding-2',
    serviceModelId: 'gemini-embedding-2',
    dialect: 'vertex-predict',
    length: 3072,
    shorter: 768,
    single: true,
  },
];

/** A gateway whose route `any` has one deployment, at the simulated cloud of this place. */
export async function gatewayTo(t: TestContext, place: EmbeddingPlace): Promise<Rig> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  t.after(() => simcloud.close());
  const { model, serviceModelId, dialect, service } = place;
  const limits = { features: [], contextTokens: 8192, maxOutputTokens: null };
  const offer = { model, serviceModelId, dialects: [dialect], ...limits };
  const deployment = { ...deploymentAt(simcloud, service), kind: 'embedding', offer } as const;
  const rig = await Rig.start({ deployments: [deployment] });
  t.after(() => rig.close());
  return rig;
}

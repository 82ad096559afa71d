// One gateway in front of each of the simulated clouds, for the tests that call it with the
// official SDKs. Bedrock is called with signatures: the simulated one verifies them.

import type { TestContext } from 'node:test';
import type { Offer } from '@entrepot/catalog/offer';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import { type Simcloud, startSimcloud } from '@entrepot/simcloud/simcloud';
import { Secret } from '../../src/config/target.ts';
import { Rig, type RigDeployment, type RigOptions, type Service } from '../rig.ts';

/** Where the one deployment of a gateway is. */
export interface Place {
  readonly name: string;
  readonly service: Service;
  readonly offer?: Partial<Offer>;
}

const services = [
  'openai-api',
  'azure-openai',
  'anthropic-api',
  'bedrock',
  'gemini-api',
  'vertex-ai',
  'openai-compatible',
] as const;
const responsesAlone = { dialects: ['openai-responses'] };

const claude = {
  model: 'anthropic/claude-haiku-4-5',
  serviceModelId: 'claude-haiku-4-5',
  dialects: ['anthropic-messages'],
};
const llama = {
  model: 'meta/llama-3.3-70b',
  serviceModelId: 'meta/llama-3.3-70b-instruct-maas',
  dialects: ['openai-chat'],
};

export const places: readonly Place[] = [
  ...services.map(service => ({ name: service, service })),
  { name: 'openai-api in Responses', service: 'openai-api', offer: responsesAlone },
  { name: 'azure-openai in Responses', service: 'azure-openai', offer: responsesAlone },
  { name: 'bedrock by InvokeModel', service: 'bedrock', offer: { dialects: ['bedrock-invoke'] } },
  {
    name: 'bedrock in Chat',
    service: 'bedrock',
    offer: openModel('openai.gpt-oss-120b-1:0'),
  },
  {
    name: 'bedrock-mantle in Responses',
    service: 'bedrock-mantle',
    offer: { serviceModelId: 'openai.gpt-5.6-luna' },
  },
  {
    name: 'bedrock-mantle in Chat',
    service: 'bedrock-mantle',
    offer: openModel('openai.gpt-oss-120b'),
  },
  {
    name: 'bedrock-mantle in Messages',
    service: 'bedrock-mantle',
    offer: {
      model: 'anthropic/claude-haiku-4-5',
      serviceModelId: 'anthropic.claude-haiku-4-5',
      dialects: ['anthropic-messages'],
    },
  },
  { name: 'vertex-ai with Claude', service: 'vertex-ai', offer: claude },
  { name: 'vertex-ai with Llama', service: 'vertex-ai', offer: llama },
];

function openModel(serviceModelId: string): Partial<Offer> {
  return { model: 'openai/gpt-oss-120b', serviceModelId, dialects: ['openai-chat'] };
}

/** A gateway whose route `any` has one deployment, at the simulated cloud of this place. */
export async function gatewayTo(
  t: TestContext,
  place: Omit<Place, 'name'>,
  options: Omit<RigOptions, 'deployments'> = {},
): Promise<Rig> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  t.after(() => simcloud.close());
  const { service, offer = {} } = place;
  const deployments = [{ ...deploymentAt(simcloud, service), offer }];
  const rig = await Rig.start({ ...options, deployments });
  t.after(() => rig.close());
  return rig;
}

export function deploymentAt({ urls }: Simcloud, service: Service): RigDeployment {
  const { anthropic, aws, azureOpenai, gemini, openai, vertexAi } = defaultCredentials;
  const apiKey = (key: string) => ({ type: 'api-key', key: new Secret(key) }) as const;
  const { accessKeyId, secretAccessKey } = aws[0]!;
  const secret = new Secret(secretAccessKey);
  const keys = {
    type: 'aws-keys',
    accessKeyId,
    secretAccessKey: secret,
    sessionToken: null,
  } as const;
  const places = {
    'openai-api': [urls.openai, apiKey(openai[0]!)],
    'azure-openai': [urls.azureOpenai, apiKey(azureOpenai[0]!)],
    'anthropic-api': [urls.anthropic, apiKey(anthropic[0]!)],
    bedrock: [urls.bedrock, keys],
    'bedrock-mantle': [urls.bedrockMantle, keys],
    'vertex-ai': [urls.vertexAi, { type: 'bearer', token: new Secret(vertexAi[0]!) }],
    'gemini-api': [urls.gemini, apiKey(gemini[0]!)],
    // Any server that speaks openai's API, behind a path as they all are.
    'openai-compatible': [`${urls.openai}/v1`, apiKey(openai[0]!)],
  } as const satisfies Record<Service, unknown>;
  const [endpoint, credential] = places[service];
  return { id: service, service, endpoint, credential };
}

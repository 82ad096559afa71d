// The simulated clouds: OpenAI, Azure OpenAI, Anthropic, Bedrock, Gemini and Vertex AI on loopback,
// each on a port of its own and in its real wire format. What they say means nothing; how they say
// it is meant to be exact.

import { type CloudName, cloudNames } from './cloud-name.ts';
import { CloudService } from './cloud-service.ts';
import { anthropic } from './clouds/anthropic.ts';
import { azureOpenai } from './clouds/azure-openai.ts';
import { bedrock } from './clouds/bedrock.ts';
import { bedrockMantle } from './clouds/bedrock-mantle.ts';
import type { Face } from './clouds/face.ts';
import { gemini } from './clouds/gemini.ts';
import { openai } from './clouds/openai.ts';
import { vertexAi } from './clouds/vertex-ai.ts';
import { control } from './control-server.ts';
import { defaultCredentials } from './credentials.ts';
import type { Fault } from './fault.ts';
import { Front } from './front.ts';
import { defaultModels } from './model.ts';
import type { SimcloudOptions } from './options.ts';
import { defaultQuota } from './quota.ts';
import type { SimcloudStats } from './stats.ts';
import type { SimcloudUrls } from './urls.ts';

export interface Simcloud {
  readonly urls: SimcloudUrls;
  /**
   * Puts these faults in force at one cloud, in place of those before; none makes all well again.
   * In effect when it resolves. Streams that flow already finish, except under a cut.
   */
  setFaults(cloud: CloudName, faults: readonly Fault[]): Promise<void>;
  stats(): Promise<SimcloudStats>;
  /** Ends all connections at once and frees the ports. */
  close(): Promise<void>;
}

const faces: Readonly<Record<CloudName, Face>> = {
  openai,
  'azure-openai': azureOpenai,
  anthropic,
  bedrock,
  'bedrock-mantle': bedrockMantle,
  gemini,
  'vertex-ai': vertexAi,
};
const defaults = { seed: 1, speed: 1, tokensPerEvent: 8 };

/**
 * Starts all the clouds in this thread. Rejects when a port is taken. `now`, in Unix ms, is the
 * clock of signatures, quotas and time stamps.
 */
export async function startSimcloud(
  options: SimcloudOptions = {},
  now: () => number = Date.now,
): Promise<Simcloud> {
  const clouds = new Map(cloudNames.map(name => [name, createCloud(name, options, now)]));
  const cloud = (name: CloudName): Cloud => clouds.get(name)!;
  const stats = (): SimcloudStats =>
    Object.fromEntries([...clouds].map(([name, c]) => [name, c.service.stats()])) as SimcloudStats;
  const setFaults = async (name: CloudName, faults: readonly Fault[]): Promise<void> => {
    const { front, service } = cloud(name);
    service.setFaults(faults);
    if (faults.some(fault => fault.kind === 'refuse')) front.refuse();
    else await front.listen();
  };
  const controlFront = new Front((request, response) => {
    control({ urls: simcloud.urls, setFaults, stats }, request, response).catch(error => {
      response.destroy(error);
    });
  });
  const fronts = [...clouds.values()].map(c => c.front).concat(controlFront);
  const close = async (): Promise<void> => {
    await Promise.all(fronts.map(front => front.close()));
  };
  try {
    for (const [name, { front }] of clouds) await front.listen(options.ports?.[name] ?? 0);
    await controlFront.listen(options.ports?.control ?? 0);
  } catch (error) {
    await close();
    throw error;
  }
  const simcloud: Simcloud = {
    urls: {
      openai: cloud('openai').front.url,
      azureOpenai: cloud('azure-openai').front.url,
      anthropic: cloud('anthropic').front.url,
      bedrock: cloud('bedrock').front.url,
      bedrockMantle: cloud('bedrock-mantle').front.url,
      gemini: cloud('gemini').front.url,
      vertexAi: cloud('vertex-ai').front.url,
      control: controlFront.url,
    },
    setFaults,
    stats: async () => stats(),
    close,
  };
  for (const name of cloudNames) {
    const faults = options.faults?.[name];
    if (faults !== undefined) await setFaults(name, faults);
  }
  return simcloud;
}

interface Cloud {
  readonly service: CloudService;
  readonly front: Front;
}

function createCloud(name: CloudName, options: SimcloudOptions, now: () => number): Cloud {
  const service = new CloudService(faces[name], {
    seed: options.seed ?? defaults.seed,
    speed: options.speed ?? defaults.speed,
    latency: options.latency ?? 'model',
    tokensPerEvent: options.tokensPerEvent ?? defaults.tokensPerEvent,
    credentials: { ...defaultCredentials, ...options.credentials },
    models: options.models?.[name] ?? defaultModels[name],
    quota: options.quotas?.[name] ?? defaultQuota,
    now,
  });
  return { service, front: new Front((request, response) => service.handle(request, response)) };
}

// The clouds that the gateway can call, by the catalog's name of the service: one line each.

import { anthropic } from './anthropic/cloud.ts';
import { azureOpenai } from './azure-openai/cloud.ts';
import { bedrock } from './bedrock/cloud.ts';
import { bedrockMantle } from './bedrock-mantle/cloud.ts';
import type { Cloud } from './cloud.ts';
import { geminiApi } from './gemini-api/cloud.ts';
import { openai } from './openai/cloud.ts';
import { openaiCompatible } from './openai-compatible/cloud.ts';
import { vertexAi } from './vertex-ai/cloud.ts';

const byService: ReadonlyMap<string, Cloud> = new Map<string, Cloud>([
  ['openai-api', openai],
  ['azure-openai', azureOpenai],
  ['anthropic-api', anthropic],
  ['bedrock', bedrock],
  ['bedrock-mantle', bedrockMantle],
  ['gemini-api', geminiApi],
  ['vertex-ai', vertexAi],
  ...openaiCompatible.services.map((service): [string, Cloud] => [service, openaiCompatible]),
]);

const byName: ReadonlyMap<string, Cloud> = new Map(
  [...byService.values()].map(cloud => [cloud.name, cloud]),
);

/** The cloud that a Target names. Throws for an unknown name: targets are checked when loaded. */
export function cloudOf(name: string): Cloud {
  const cloud = byName.get(name);
  if (cloud === undefined) throw new Error(`no cloud adapter ${JSON.stringify(name)}`);
  return cloud;
}

/** The cloud that sells through a service of the catalog; null where the gateway cannot call it. */
export function cloudOfService(service: string): Cloud | null {
  return byService.get(service) ?? null;
}

/** Services of the catalog that the gateway can call; others are stated with their offers. */
export const callableServices: readonly string[] = [...byService.keys()].filter(
  service => !openaiCompatible.services.includes(service),
);

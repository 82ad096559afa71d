// What goes beside a request and its answer, in their headers: what of the caller's reaches an
// upstream, and what of an upstream's reaches the caller.

import { atEach, carriedThere, type Errand, type ErrandTable } from './errand.ts';

const limiting = [
  'openai-api',
  'azure-openai',
  'bedrock-mantle',
  'openai-compatible',
  'anthropic-api',
] as const;
const silent = ['bedrock', 'gemini-api', 'vertex-ai'] as const;
type Place = (typeof limiting)[number] | (typeof silent)[number];
const places: readonly Place[] = [...limiting, ...silent];

const everywhere = atEach(places, carriedThere);
const keptBack = (why: string): Errand<Place>['at'] => atEach(places, { is: 'kept back', why });
const noLimits = { is: 'none', why: 'it says nothing of its limits' } as const;
const noId = { is: 'none', why: 'it names an answer in the body alone' } as const;
const limits = 'x-ratelimit-*, anthropic-ratelimit-*';

export const heads: ErrandTable<Place> = {
  title: 'Headers',
  places,
  errands: [
    {
      name: "the upstream's id",
      said: 'entrepot-upstream-request-id',
      at: { ...everywhere, 'gemini-api': noId, 'vertex-ai': noId },
    },
    {
      name: "the caller's id",
      said: 'x-client-request-id',
      at: keptBack('it comes back to the caller, and goes no further'),
    },
    {
      name: 'idempotency key',
      said: 'idempotency-key',
      at: keptBack('two callers might choose the same'),
    },
    {
      name: 'rate limits',
      said: limits,
      at: { ...everywhere, ...atEach(silent, noLimits) },
    },
    {
      name: 'rate limits, in another dialect',
      said: limits,
      at: {
        ...keptBack('the clients of another dialect do not read them'),
        ...atEach(silent, noLimits),
      },
    },
    {
      name: 'rate limits, of several deployments',
      said: limits,
      at: {
        ...keptBack('each has limits of its own, and a slow caller keeps itself from the others'),
        ...atEach(silent, noLimits),
      },
    },
    { name: 'how long to wait', said: 'retry-after', at: everywhere },
  ],
};

// A small market for tests of the configuration, so that they do not change with the catalog.

import type { Market } from '@entrepot/catalog/as-of';
import type { Model } from '@entrepot/catalog/catalog';
import type { Offer } from '@entrepot/catalog/offer';

const gpt = 'openai/gpt-5.4';
const claude = 'anthropic/claude-sonnet-5';

const offers: readonly Offer[] = [
  offer('openai-api', 'global', gpt, ['openai-chat', 'openai-responses']),
  offer('openai-api', 'global', 'openai/gpt-5.4-pro', ['openai-responses']),
  offer('openai-api', 'global', 'openai/realtime-voice-of-old', ['openai-realtime']),
  offer('azure-openai', 'us', gpt, ['openai-chat']),
  offer('anthropic-api', 'global', claude, ['anthropic-messages']),
  offer('bedrock', 'us', claude, ['bedrock-converse']),
  offer('bedrock', 'us-west-2', claude, ['bedrock-converse']),
  {
    ...offer('bedrock', 'us', claude, ['bedrock-converse']),
    id: `bedrock/us/${claude}#batch`,
    term: 'batch',
  },
  offer('vertex-ai', 'global', 'google/gemini-2.5-flash', ['gemini']),
  offer('vertex-ai', 'us-east5', 'google/gemini-2.5-flash', ['gemini']),
  offer('vertex-ai', 'eu', 'google/gemini-2.5-flash', ['gemini']),
  offer('vertex-ai', 'global', 'mistral/codestral-2', ['openai-chat']),
  offer('azure-foundry', 'global', gpt, ['openai-chat']),
];

const claudeModel: Model = {
  id: claude,
  vendor: 'anthropic',
  name: 'claude-sonnet-5',
  kind: 'chat',
  contextTokens: null,
  maxOutputTokens: null,
  inputs: null,
  outputs: null,
  releasedOn: null,
  openWeights: false,
  reasoning: true,
  flags: { adaptiveThinking: true, rejectsSampling: true },
  source: 'test',
  seenOn: '2026-01-01',
};

export const market: Market = {
  date: '2026-11-24',
  offers,
  offer: id => offers.find(o => o.id === id),
  model: id => (id === claude ? claudeModel : undefined),
};

function offer(service: string, region: string, model: string, dialects: string[]): Offer {
  return {
    id: `${service}/${region}/${model}`,
    model,
    cloud: 'openai',
    service,
    region,
    term: 'on-demand',
    serviceModelId: model.split('/')[1]!,
    dialects,
    prices: {
      inputPicoUsd: 2_500_000,
      outputPicoUsd: null,
      cachedReadPicoUsd: null,
      cacheWrite5mPicoUsd: null,
      cacheWrite1hPicoUsd: null,
      tiers: [],
    },
    contextTokens: null,
    maxOutputTokens: null,
    features: [],
    residency: null,
    slaAvailability: null,
    validFrom: null,
    validUntil: null,
    conflicts: [],
    source: 'test',
    seenOn: '2026-01-01',
  };
}

// The models that the simulated clouds offer. Every figure here is an assumption of the simulation,
// chosen to be of a plausible order: none is a fact of the catalog and none is shown as measured.

import type { CloudName } from './cloud-name.ts';

export interface SimulatedModel {
  /** What callers call it; `*` stands for any text. The first that matches is taken. */
  readonly pattern: string;
  /** The name in the answer, where it differs (the model behind an Azure deployment). */
  readonly reportedName?: string;
  /** Whose thinking blocks and signatures it makes: `anthropic`, `openai`, ... */
  readonly vendor: string;
  /** Thinks when it is asked to. */
  readonly reasoning: boolean;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly latency: ModelLatency;
  /** Of a model that makes embeddings and nothing else; absent for one that answers. */
  readonly vectors?: Vectors;
}

export interface Vectors {
  /** Their length, where the caller wants no shorter one. */
  readonly dimensions: number;
  /** The caller has no choice of it. */
  readonly hasOneLength: boolean;
  /** Says how many tokens it read. */
  readonly tellsTokens: boolean;
}

/** Before division by the simulation's speed. */
export interface ModelLatency {
  readonly firstTokenBaseMs: number;
  readonly prefillTokensPerSecond: number;
  readonly msPerOutputToken: number;
  /** Deviation of the logarithm of the time to first token, and of the time per token. */
  readonly sigma: number;
}

type Size = 'small' | 'middle' | 'large';

const latencies: Readonly<Record<Size, ModelLatency>> = {
  small: {
    firstTokenBaseMs: 220,
    prefillTokensPerSecond: 40_000,
    msPerOutputToken: 7,
    sigma: 0.25,
  },
  middle: {
    firstTokenBaseMs: 400,
    prefillTokensPerSecond: 20_000,
    msPerOutputToken: 14,
    sigma: 0.3,
  },
  large: {
    firstTokenBaseMs: 800,
    prefillTokensPerSecond: 10_000,
    msPerOutputToken: 25,
    sigma: 0.35,
  },
};

function model(
  pattern: string,
  vendor: string,
  size: Size,
  limits: readonly [contextTokens: number, maxOutputTokens: number],
  reasoning: boolean,
): SimulatedModel {
  const [contextTokens, maxOutputTokens] = limits;
  const latency = latencies[size];
  return { pattern, vendor, reasoning, contextTokens, maxOutputTokens, latency };
}

function embedding(
  pattern: string,
  vendor: string,
  dimensions: number,
  contextTokens: number,
  has: Partial<Vectors> = {},
): SimulatedModel {
  const vectors = { dimensions, hasOneLength: false, tellsTokens: true, ...has };
  return { ...model(pattern, vendor, 'small', [contextTokens, 0], false), vectors };
}

const openaiModels: readonly SimulatedModel[] = [
  model('gpt-5*-mini*', 'openai', 'small', [400_000, 128_000], true),
  model('gpt-5*-nano*', 'openai', 'small', [400_000, 128_000], true),
  model('gpt-5*', 'openai', 'middle', [400_000, 128_000], true),
  model('o1*', 'openai', 'large', [200_000, 100_000], true),
  model('o3*', 'openai', 'large', [200_000, 100_000], true),
  model('o4*', 'openai', 'middle', [200_000, 100_000], true),
  model('gpt-4.1*', 'openai', 'middle', [1_047_576, 32_768], false),
  model('gpt-4o-mini*', 'openai', 'small', [128_000, 16_384], false),
  model('gpt-4o*', 'openai', 'middle', [128_000, 16_384], false),
  model('gpt-*', 'openai', 'middle', [128_000, 16_384], false),
  embedding('text-embedding-3-large*', 'openai', 3072, 8191),
  embedding('text-embedding-3-small*', 'openai', 1536, 8191),
  embedding('text-embedding-ada-002*', 'openai', 1536, 8191, { hasOneLength: true }),
];

const claudeModels: readonly SimulatedModel[] = [
  model('*claude-*haiku*', 'anthropic', 'small', [200_000, 64_000], true),
  model('*claude-*opus*', 'anthropic', 'large', [1_000_000, 128_000], true),
  model('*claude-*', 'anthropic', 'middle', [1_000_000, 128_000], true),
];

const geminiModels: readonly SimulatedModel[] = [
  embedding('gemini-embedding-001', 'google', 3072, 2048, { tellsTokens: false }),
  embedding('gemini-embedding-*', 'google', 3072, 8192),
  model('gemini-*flash-lite*', 'google', 'small', [1_048_576, 65_536], true),
  model('gemini-*flash*', 'google', 'small', [1_048_576, 65_536], true),
  model('gemini-*', 'google', 'middle', [1_048_576, 65_536], true),
];

export const defaultModels: Readonly<Record<CloudName, readonly SimulatedModel[]>> = {
  openai: openaiModels,
  'azure-openai': openaiModels,
  anthropic: claudeModels,
  bedrock: [
    ...claudeModels,
    embedding('amazon.titan-embed-text-v2*', 'amazon', 1024, 8192),
    embedding('amazon.titan-embed-*', 'amazon', 1536, 8192, { hasOneLength: true }),
    embedding('*cohere.embed-v4*', 'cohere', 1536, 128_000),
    embedding('*cohere.embed-*', 'cohere', 1024, 512, { hasOneLength: true }),
    model('*amazon.nova-*', 'amazon', 'small', [300_000, 10_000], false),
    model('*meta.llama*', 'meta', 'middle', [128_000, 8_192], false),
    model('*mistral.*', 'mistral', 'middle', [128_000, 8_192], false),
    model('*deepseek.*', 'deepseek', 'middle', [128_000, 32_768], false),
    model('*openai.*', 'openai', 'middle', [272_000, 128_000], true),
  ],
  'bedrock-mantle': [
    ...claudeModels,
    model('*openai.gpt-oss-*', 'openai-oss', 'middle', [131_072, 65_536], true),
    model('*openai.*', 'openai', 'middle', [272_000, 128_000], true),
    model('*google.gemma-*', 'google', 'small', [256_000, 8_192], false),
    model('*xai.grok-*', 'xai', 'middle', [131_072, 16_384], true),
  ],
  gemini: geminiModels,
  'vertex-ai': [
    // Its predict tells what the Gemini API does not.
    embedding('gemini-embedding-001', 'google', 3072, 2048),
    embedding('text-embedding-*', 'google', 768, 2048),
    ...geminiModels,
    ...claudeModels,
    model('meta/*', 'meta', 'middle', [128_000, 8_192], false),
    model('deepseek-ai/*', 'deepseek', 'middle', [128_000, 32_768], false),
    model('qwen/*', 'qwen', 'middle', [262_144, 32_768], false),
    model('openai/gpt-oss-*', 'openai-oss', 'middle', [131_072, 32_768], false),
  ],
};

/** Finds a model by what the caller calls it; null when the cloud does not have it. */
export class Models {
  readonly #models: readonly (readonly [RegExp, SimulatedModel])[];
  readonly #found = new Map<string, SimulatedModel | null>();

  constructor(models: readonly SimulatedModel[]) {
    this.#models = models.map(m => [expression(m.pattern), m]);
  }

  find(name: string): SimulatedModel | null {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const found = this.#models.find(([pattern]) => pattern.test(name))?.[1] ?? null;
    // Names come from callers: wrong ones must not fill the memory.
    if (this.#found.size < 1000) this.#found.set(name, found);
    return found;
  }
}

function expression(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

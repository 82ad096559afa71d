// Servers and vendors that speak openai's API, and how each differs from it: facts, each with where
// and when it was read. What is not written here is not known to differ; a configuration can say
// more, or otherwise, under `quirks`.

import type { HostHabits } from '@entrepot/dialects/dialect';

export interface Host {
  /**
   * The base URL of a vendor's public service, or where a server listens by default; null is none.
   */
  readonly endpoint: string | null;
  /** Who sells: `self` for a server that people run themselves. */
  readonly cloud: string;
  readonly habits: HostHabits;
  readonly source: string;
  readonly seenOn: string;
}

const seenOn = '2026-11-24';
/** Open weights know `max_tokens`, and every server of them documents it. */
const newLimit = 'max_completion_tokens';

const anyOther: Host = {
  endpoint: null,
  cloud: 'self',
  habits: {},
  source: 'platform.openai.com/docs/api-reference/chat',
  seenOn,
};

const hosts: Readonly<Record<string, Host>> = {
  'openai-compatible': anyOther,
  /** Also on Trainium and Inferentia (Neuron) and on TPU: the server is the same. */
  vllm: {
    endpoint: null,
    cloud: 'self',
    habits: { lacks: ['user'], thinkingField: 'reasoning' },
    source: 'docs.vllm.ai: serving/openai_compatible_server, features/reasoning_outputs',
    seenOn,
  },
  ollama: {
    endpoint: 'http://127.0.0.1:11434/v1',
    cloud: 'self',
    habits: {
      lacks: ['tool_choice', 'logit_bias', 'user', 'n', newLimit],
      thinkingField: 'reasoning',
    },
    source: 'docs.ollama.com/api/openai-compatibility',
    seenOn,
  },
  'llama-cpp': {
    endpoint: 'http://127.0.0.1:8080/v1',
    cloud: 'self',
    habits: { lacks: [newLimit], thinkingField: 'reasoning_content' },
    source: 'github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
    seenOn,
  },
  tgi: {
    endpoint: null,
    cloud: 'self',
    habits: { lacks: [newLimit], thinkingField: null },
    source: 'huggingface.co/docs/text-generation-inference/messages_api',
    seenOn,
  },
  sglang: {
    endpoint: 'http://127.0.0.1:30000/v1',
    cloud: 'self',
    habits: { thinkingField: 'reasoning_content' },
    source: 'docs.sglang.io: basic_usage/openai_api_completions, separate_reasoning',
    seenOn,
  },
  groq: {
    endpoint: 'https://api.groq.com/openai/v1',
    cloud: 'groq',
    habits: {
      lacks: ['logprobs', 'top_logprobs', 'logit_bias', 'n'],
      messageNames: false,
      thinkingField: 'reasoning',
    },
    source: 'console.groq.com/docs/openai',
    seenOn,
  },
  cerebras: {
    endpoint: 'https://api.cerebras.ai/v1',
    cloud: 'cerebras',
    habits: {
      lacks: [
        'frequency_penalty',
        'presence_penalty',
        'logit_bias',
        'parallel_tool_calls',
        'service_tier',
      ],
      developerRole: false,
    },
    source: 'inference-docs.cerebras.ai/resources/openai; hexdocs.pm/req_llm/cerebras',
    seenOn,
  },
  deepseek: {
    endpoint: 'https://api.deepseek.com',
    cloud: 'deepseek',
    habits: { lacks: [newLimit], thinkingField: 'reasoning_content' },
    source: 'api-docs.deepseek.com/api/create-chat-completion; vercel/ai packages/deepseek',
    seenOn,
  },
  /** Usage comes without being asked for. */
  mistral: {
    endpoint: 'https://api.mistral.ai/v1',
    cloud: 'mistral',
    habits: {
      lacks: [newLimit, 'stream_options'],
      renames: { seed: 'random_seed' },
      thinkingField: null,
    },
    source: 'vercel/ai packages/mistral',
    seenOn,
  },
  xai: {
    endpoint: 'https://api.x.ai/v1',
    cloud: 'xai',
    habits: { thinkingField: null },
    source: 'vercel/ai packages/xai',
    seenOn,
  },
  openrouter: {
    endpoint: 'https://openrouter.ai/api/v1',
    cloud: 'openrouter',
    habits: { thinkingField: 'reasoning' },
    source: 'openrouter.ai/docs; docs.getbifrost.ai/providers/supported-providers/openrouter',
    seenOn,
  },
  together: {
    endpoint: 'https://api.together.xyz/v1',
    cloud: 'together',
    habits: {},
    source: 'docs.together.ai/docs/openai-api-compatibility',
    seenOn,
  },
  fireworks: {
    endpoint: 'https://api.fireworks.ai/inference/v1',
    cloud: 'fireworks',
    habits: { thinkingField: 'reasoning_content' },
    source: 'docs.getbifrost.ai/providers/supported-providers/fireworks',
    seenOn,
  },
};

/** The names that stand for a service in a configuration and in the ids of offers. */
export const hostNames: readonly string[] = Object.keys(hosts);

/** Of a service that is not in the table nothing is known. */
export function hostOf(service: string): Host {
  return Object.hasOwn(hosts, service) ? hosts[service]! : anyOther;
}

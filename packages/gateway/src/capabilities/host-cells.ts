// What a host that speaks openai's API takes otherwise than the service of open weights that the
// capability table has (`openai-chat/open-weights`): the cells that differ, by feature. What is not
// here is as there, and what a caller of the same API says goes as it came.

import { emulated, lossy, refused, type Verdict } from '@entrepot/dialects/capabilities/verdict';

export type HostCells = Readonly<Record<string, Verdict>>;

const lacks = (field: string): Verdict => refused(field, 'the host has no such field');

/** Of any host, unless its habits say that it knows the role. */
const developer: HostCells = { 'developer message': emulated('as the system prompt') };
const noUser: HostCells = { 'id of the end user': lossy('user', 'the host has no such field') };

/** By the name of the service in a configuration. */
export const hostCells: Readonly<Record<string, HostCells>> = {
  'openai-compatible': developer,
  vllm: { ...developer, ...noUser },
  ollama: {
    ...developer,
    ...noUser,
    'a tool must be called': lacks('toolChoice'),
    'one tool must be called': lacks('toolChoice'),
    'no tool may be called': lacks('toolChoice'),
    'some of the tools may be called': lacks('toolChoice'),
    'several answers (n)': lacks('candidates'),
    'logit bias': lacks('logitBias'),
  },
  'llama-cpp': developer,
  tgi: developer,
  sglang: developer,
  groq: {
    ...developer,
    'several answers (n)': lacks('candidates'),
    logprobs: lacks('logprobs'),
    'logit bias': lacks('logitBias'),
  },
  cerebras: {
    ...developer,
    'one call at a time': lacks('parallelToolCalls'),
    'frequency penalty': lacks('frequencyPenalty'),
    'presence penalty': lacks('presencePenalty'),
    'logit bias': lacks('logitBias'),
    'service tier': lacks('serviceTier'),
  },
  deepseek: developer,
  mistral: {
    ...developer,
    'usage in the stream': emulated('it comes without being asked for'),
    seed: emulated('as random_seed'),
  },
  xai: developer,
  openrouter: developer,
  together: developer,
  fireworks: developer,
};

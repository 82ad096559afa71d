// Prefill and decode on instances of their own (DistServe, arXiv 2401.09670): no prompt holds up a
// running request; the cache is sent over between them.

import { instanceChips, type ServingInstance } from './instance.ts';
import { kvBytesPerToken, mostSequences } from './memory.ts';
import { requestSeconds } from './overheads.ts';
import type { ServingParameters } from './parameters.ts';
import { decodeSeconds, type Lengths, promptSeconds } from './steady-state.ts';

export interface Disaggregated {
  readonly prefill: ServingInstance;
  readonly decode: ServingInstance;
  /** Prefill instances for each decode instance: such that neither waits for the other. */
  readonly prefillPerDecode: number;
  readonly ttftSeconds: number;
  readonly tpotSeconds: number;
  readonly transferSeconds: number;
  /** Of one decode instance and its share of prefill. */
  readonly tokensPerSecond: number;
  readonly chips: number;
}

/** Share of its time that a prefill instance works, so that its queue stays short. */
const prefillLoad = 0.7;

/** A prefill instance reads one prompt after another. */
const alone = { sequences: 0, context: 0, prompts: 1 };

/** A decode instance at this concurrency and the prefill instances that feed it. */
export function disaggregate(
  prefill: ServingInstance,
  decode: ServingInstance,
  { inputTokens, outputTokens }: Lengths,
  concurrency: number,
  parameters: ServingParameters,
): Disaggregated {
  const { shared } = parameters;
  const context = inputTokens + outputTokens / 2;
  const most = mostSequences(decode, inputTokens, outputTokens, shared, shared.heldOutputShare);
  const running = Math.min(concurrency, Math.max(1, most));
  const tpotSeconds = decodeSeconds(decode, running, context, parameters);
  const tokensPerSecond = (running * decode.layout.attentionDp) / tpotSeconds;
  const requestsPerSecond = tokensPerSecond / outputTokens;
  const prompt = promptSeconds(prefill, alone, inputTokens, parameters);
  const prefillPerDecode = (requestsPerSecond * prompt) / prefillLoad;
  const transferSeconds = sendSeconds(prefill, inputTokens);
  // M/D/1: the mean wait of a server that is busy this share of the time.
  const wait = (prefillLoad / (2 * (1 - prefillLoad))) * prompt;
  return {
    prefill,
    decode,
    prefillPerDecode,
    ttftSeconds: requestSeconds(prefill, parameters) + wait + prompt + transferSeconds,
    tpotSeconds,
    transferSeconds,
    tokensPerSecond,
    chips: instanceChips(decode.layout) + prefillPerDecode * instanceChips(prefill.layout),
  };
}

/** The cache of a prompt, from every chip of the prefill instance over its own network port. */
function sendSeconds({ shape, layout, cacheBytes, chip }: ServingInstance, tokens: number): number {
  const bytes = kvBytesPerToken(shape, layout.tp, cacheBytes, tokens) * tokens;
  const speed = chip.scaleOutBytesPerSecond ?? chip.scaleUpBytesPerSecond;
  return speed === null ? 0 : bytes / speed;
}

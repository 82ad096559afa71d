// An instance under a closed loop: so many requests at all times, a new one for each that ends, as
// benchmarks keep them.

import { readsPromptsApart, type ServingInstance } from './instance.ts';
import { requestSeconds } from './overheads.ts';
import type { ServingParameters } from './parameters.ts';
import { promptDelay } from './pipeline.ts';
import {
  decodeSeconds,
  fits,
  type Lengths,
  promptSeconds,
  type SteadyState,
} from './steady-state.ts';

/** How a benchmark sends its requests: their mean time to the first token has that in it. */
export interface LoadPattern {
  /** Part of all requests that are sent at once, at the start. */
  readonly openingShare: number;
  /** No request went before them: kernels are made and chosen while they wait. */
  readonly cold: boolean;
  /** All have the same lengths: those that are read together end together, and come again so. */
  readonly alike: boolean;
}

/** A load of many lengths that has been there for long. */
export const steadyPattern: LoadPattern = { openingShare: 0, cold: false, alike: false };

/** So many requests of each attention replica at all times, a new one for each that ends. */
export function atConcurrency(
  instance: ServingInstance,
  lengths: Lengths,
  concurrency: number,
  parameters: ServingParameters,
  pattern: LoadPattern = steadyPattern,
): SteadyState {
  const { shared } = parameters;
  const { inputTokens, outputTokens } = lengths;
  const context = inputTokens + outputTokens / 2;
  const most = fits(instance, lengths, parameters);
  // Where the weights do not fit a time is still given: it says what the chips would do.
  const running = most === 0 ? concurrency : Math.min(concurrency, most);
  const decode = decodeSeconds(instance, running, context, parameters);
  const loop = loopOf(instance, lengths, running, decode, pattern, parameters);
  const tpot = decode + (running / outputTokens) * loop.prompt * shared.interference;
  let ttft = firstToken(instance, lengths, loop, parameters);
  ttft += pattern.openingShare * openingSeconds(instance, lengths, loop, pattern, parameters);
  const waiting = concurrency - running;
  if (waiting > 0) ttft += (shared.queueShare * waiting * outputTokens * tpot) / running;
  const each = concurrency / (ttft / outputTokens + tpot);
  const replicas = instance.layout.attentionDp;
  return {
    tpotSeconds: tpot,
    ttftSeconds: ttft,
    tokensPerSecond: each * replicas,
    running,
    mostRunning: most,
  };
}

/** What the loop does that a request arrives in. */
interface Loop {
  readonly running: number;
  readonly context: number;
  /** Seconds of a step, and that a prompt among others adds. */
  readonly decode: number;
  readonly prompt: number;
  /** Prompts that share a step, on average. */
  readonly together: number;
  /** Share of the time in which prompts are read. */
  readonly busy: number;
}

function loopOf(
  instance: ServingInstance,
  { inputTokens, outputTokens }: Lengths,
  running: number,
  decode: number,
  { alike }: LoadPattern,
  parameters: ServingParameters,
): Loop {
  const context = inputTokens + outputTokens / 2;
  const beside = { sequences: running, context };
  const alone = promptSeconds(instance, { ...beside, prompts: 1 }, inputTokens, parameters);
  const busyAlone = (running * alone) / (running * alone + outputTokens * decode);
  // Those that came since the scheduler last let any in are read together, and end together.
  const { pollSteps, holdSteps } = instance.launch;
  const steps = pollSteps - 1 + holdSteps;
  const others = (running * steps) / outputTokens + busyAlone / (1 - busyAlone);
  const own = alike ? parameters.shared.alikeTogether : 1;
  const together = Math.max(1, Math.min(running, own + others));
  const prompt = promptSeconds(instance, { ...beside, prompts: together }, inputTokens, parameters);
  const busy = (running * prompt) / (running * prompt + outputTokens * decode);
  return { running, context, decode, prompt, together, busy };
}

/** Mean time to the first token once the loop runs: its way in, steps, its own prompt's. */
function firstToken(
  instance: ServingInstance,
  { inputTokens }: Lengths,
  { running, decode, prompt, together, busy }: Loop,
  parameters: ServingParameters,
): number {
  const engine = parameters.engines[instance.engine]!;
  const { chunkTokens, pollSteps, holdSteps, streamSteps } = instance.launch;
  // Prompts of one step end as one; where a step does not hold all, half of the others are first.
  const inStep = Math.max(1, Math.min(together, chunkTokens / inputTokens));
  const read = inStep + (together - inStep) / 2;
  // The first that comes is held longest, those that come meanwhile half as long.
  const held = (holdSteps * (1 + (together - 1) / 2)) / together;
  const steps = engine.waitSteps + (pollSteps - 1) / 2 + held;
  const stream = (engine.streamUs * 1e-6 * running) / streamSteps;
  // Through the stages of a pipeline a prompt is longer under way than it holds each of them up.
  const chunks = Math.max(1, inputTokens / chunkTokens);
  const reading = read * prompt * promptDelay(chunks, instance.layout.pp);
  const way = requestSeconds(instance, parameters) + stream;
  return way + steps * decode + reading + (busy / 2) * prompt;
}

/** What those wait more that are sent at once: all prompts stand in one line. */
function openingSeconds(
  instance: ServingInstance,
  { inputTokens }: Lengths,
  { running, context, prompt }: Loop,
  { cold }: LoadPattern,
  parameters: ServingParameters,
): number {
  const half = running / 2;
  const beside = { sequences: half, context, prompts: running };
  const each = promptSeconds(instance, beside, inputTokens, parameters);
  // Those that were read decode in the steps of those that were not.
  const perStep = Math.max(1, instance.launch.chunkTokens / inputTokens);
  const apart = readsPromptsApart(instance);
  const step = apart ? 0 : decodeSeconds(instance, half, context, parameters);
  const line = (half + 0.5) * each + (half / perStep) * step - prompt;
  const kernels = cold ? parameters.engines[instance.engine]!.coldSeconds : 0;
  return Math.max(0, line) + kernels;
}

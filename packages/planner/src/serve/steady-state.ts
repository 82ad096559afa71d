// What an instance does under a steady load: time per token and to the first one at a concurrency
// with continuous batching, the most tokens a second offline, and a static batch.

import { instanceChips, type ServingInstance } from './instance.ts';
import { mostSequences } from './memory.ts';
import { requestSeconds } from './overheads.ts';
import type { ServingParameters } from './parameters.ts';
import { microBatch, promptDelay } from './pipeline.ts';
import { tokenSeconds } from './speculation.ts';
import { stepTime } from './step-time.ts';

export interface Lengths {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface SteadyState {
  /** Mean time between two tokens of a request, first one left out. */
  readonly tpotSeconds: number;
  readonly ttftSeconds: number;
  /** Output of the whole instance. */
  readonly tokensPerSecond: number;
  /** Sequences of one attention replica that decode beside each other. */
  readonly running: number;
  /** Those that its memory holds; 0 when the weights do not fit. */
  readonly mostRunning: number;
}

/** Prompt tokens that an engine takes into one step. */
const chunkTokens = 8192;
/** Sequences that engines batch at most by default (vLLM and TensorRT-LLM: 1,024 to 2,048). */
const mostBatch = 2048;

/** Seconds for each token of so many sequences that decode. */
export function decodeSeconds(
  instance: ServingInstance,
  sequences: number,
  context: number,
  parameters: ServingParameters,
): number {
  // Pipeline stages work on different sequences at the same time; a token passes all of them.
  const work = { sequences: microBatch(sequences, instance.layout.pp), context };
  return tokenSeconds(instance, { ...work, promptTokens: 0, promptContext: 0 }, parameters);
}

/** What a prompt is read beside. */
export interface Beside {
  /** Sequences that decode, and the tokens that each has. */
  readonly sequences: number;
  readonly context: number;
  /** Prompts that share its steps, itself among them, as far as a step holds them. */
  readonly prompts: number;
}

/** Seconds that one prompt adds to the steps that it is read in; with stages, to each of them. */
export function promptSeconds(
  instance: ServingInstance,
  { sequences, context, prompts }: Beside,
  inputTokens: number,
  parameters: ServingParameters,
): number {
  const chunk = Math.min(chunkTokens, inputTokens * Math.max(1, prompts));
  const beside = microBatch(sequences, instance.layout.pp);
  const around = { sequences: beside, context, promptContext: inputTokens / 2 };
  const withPrompt = stepTime(instance, { ...around, promptTokens: chunk }, parameters).total;
  const without = stepTime(instance, { ...around, promptTokens: 0 }, parameters).total;
  return ((withPrompt - without) * inputTokens) / chunk / instance.layout.pp;
}

/** So many requests of each attention replica at all times, a new one for each that ends. */
export function atConcurrency(
  instance: ServingInstance,
  lengths: Lengths,
  concurrency: number,
  parameters: ServingParameters,
): SteadyState {
  const { shared } = parameters;
  const { inputTokens, outputTokens } = lengths;
  const context = inputTokens + outputTokens / 2;
  const most = fits(instance, lengths, parameters);
  // Where the weights do not fit a time is still given: it says what the chips would do.
  const running = most === 0 ? concurrency : Math.min(concurrency, most);
  const decode = decodeSeconds(instance, running, context, parameters);
  const beside = { sequences: running, context, prompts: Math.ceil(running / 4) };
  const prompt = promptSeconds(instance, beside, inputTokens, parameters);
  const tpot = decode + (running / outputTokens) * prompt * shared.interference;
  let ttft = arrivalSeconds(instance, lengths, { running, context, decode, prompt }, parameters);
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
  /** Seconds of a step, and of a prompt among others. */
  readonly decode: number;
  readonly prompt: number;
}

/**
 * Mean time to the first token in a closed loop. A prompt that arrives alone is read alone; those
 * of the opening burst stand in one line, half of which is before a request on average.
 */
function arrivalSeconds(
  instance: ServingInstance,
  { inputTokens, outputTokens }: Lengths,
  { running, context, decode, prompt }: Loop,
  parameters: ServingParameters,
): number {
  const engine = parameters.engines[instance.engine]!;
  const around = { sequences: running, context };
  const chunks = Math.max(1, inputTokens / chunkTokens);
  const alone =
    promptSeconds(instance, { ...around, prompts: 1 }, inputTokens, parameters) *
    promptDelay(chunks, instance.layout.pp);
  // Requests that arrived since the scheduler last looked are read together, and end together.
  const poll = instance.pollSteps;
  const together = Math.max(0, Math.min(running - 1, (running * poll) / outputTokens));
  const line = (engine.burstShare * Math.max(0, running - 1)) / 2;
  // The share of time in which other prompts are being read, half of them still to come.
  const busy = (running * prompt) / (running * prompt + outputTokens * decode);
  const steps = engine.waitSteps + (poll - 1) / 2;
  return (
    requestSeconds(instance, parameters) +
    steps * decode +
    alone +
    (together + line + busy / 2) * prompt
  );
}

function fits(instance: ServingInstance, lengths: Lengths, parameters: ServingParameters): number {
  const { shared } = parameters;
  const { inputTokens, outputTokens } = lengths;
  return mostSequences(instance, inputTokens, outputTokens, shared, shared.heldOutputShare);
}

/** All requests are there from the start: the batch is as large as memory and engine allow. */
export function offline(
  instance: ServingInstance,
  lengths: Lengths,
  parameters: ServingParameters,
  most: number = mostBatch,
): SteadyState {
  const { inputTokens, outputTokens } = lengths;
  const context = inputTokens + outputTokens / 2;
  const mostRunning = fits(instance, lengths, parameters);
  const running = Math.max(1, Math.min(most, mostRunning));
  const decode = decodeSeconds(instance, running, context, parameters);
  const beside = { sequences: running, context, prompts: Math.ceil(running / 4) };
  const prompt = promptSeconds(instance, beside, inputTokens, parameters);
  const perToken = decode / running + prompt / outputTokens;
  return {
    tpotSeconds: running * perToken,
    ttftSeconds: prompt,
    tokensPerSecond: instance.layout.attentionDp / perToken,
    running,
    mostRunning,
  };
}

/** A batch that is read together and decoded together to its end. */
export function staticBatch(
  instance: ServingInstance,
  lengths: Lengths,
  batch: number,
  parameters: ServingParameters,
): SteadyState {
  const { inputTokens, outputTokens } = lengths;
  const context = inputTokens + outputTokens / 2;
  const tpot = decodeSeconds(instance, batch, context, parameters);
  const work = { sequences: 0, context: 0, promptTokens: inputTokens * batch };
  const prompt = stepTime(instance, { ...work, promptContext: inputTokens / 2 }, parameters).total;
  const ttft = prompt + requestSeconds(instance, parameters);
  return {
    tpotSeconds: tpot,
    ttftSeconds: ttft,
    tokensPerSecond: (batch * outputTokens) / (ttft + outputTokens * tpot),
    running: batch,
    mostRunning: fits(instance, lengths, parameters),
  };
}

/** Output tokens a second of one chip. */
export function perChip(instance: ServingInstance, state: SteadyState): number {
  return state.tokensPerSecond / instanceChips(instance.layout);
}

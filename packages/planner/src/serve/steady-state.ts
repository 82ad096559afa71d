// What an instance does under a steady load: time per token and to the first one at a concurrency
// with continuous batching, the most tokens a second offline, and a static batch.

import { instanceChips, readsPromptsApart, type ServingInstance } from './instance.ts';
import { mostSequences } from './memory.ts';
import { requestSeconds } from './overheads.ts';
import type { ServingParameters } from './parameters.ts';
import { microBatch } from './pipeline.ts';
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

/**
 * Seconds that one prompt adds to the steps that it is read in; with stages, to each of them.
 * SGLang reads prompts in steps in which nothing decodes, the others beside what does.
 */
export function promptSeconds(
  instance: ServingInstance,
  { sequences, context, prompts }: Beside,
  inputTokens: number,
  parameters: ServingParameters,
): number {
  const { layout, launch } = instance;
  const chunk = Math.min(launch.chunkTokens, inputTokens * Math.max(1, prompts));
  const apart = readsPromptsApart(instance);
  const beside = apart ? 0 : microBatch(sequences, layout.pp);
  const around = { sequences: beside, context, promptContext: inputTokens / 2 };
  const withPrompt = stepTime(instance, { ...around, promptTokens: chunk }, parameters).total;
  const without = apart ? 0 : stepTime(instance, { ...around, promptTokens: 0 }, parameters).total;
  return ((withPrompt - without) * inputTokens) / chunk / layout.pp;
}

/** Requests of one attention replica that its memory holds. */
export function fits(
  instance: ServingInstance,
  lengths: Lengths,
  parameters: ServingParameters,
): number {
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

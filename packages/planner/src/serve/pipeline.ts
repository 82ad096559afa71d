// Pipeline parallel serving: stages of layers on groups of chips, each at work on other sequences.
// A token passes all stages before the next one of its sequence begins, so that as many
// micro-batches go round as there are stages, at the pace of the slowest.

import { type Links, sendSeconds } from '../collective.ts';
import type { ServedShape } from '../served-shape.ts';
import { instanceChips, type ServingInstance } from './instance.ts';
import { overlapped } from './roofline.ts';

/** Layers of the longest stage, as a share of all: 61 layers over two stages are 31 and 30. */
export function longestStage({ layers }: ServedShape, pp: number): number {
  return Math.ceil(layers / pp) / layers;
}

/** Sequences of a micro-batch. With fewer than there are stages, some stages are idle. */
export function microBatch(sequences: number, pp: number): number {
  return pp === 1 ? sequences : Math.max(Math.min(1, sequences), sequences / pp);
}

/** How much longer a prompt of so many chunks is under way than it holds up each stage. */
export function promptDelay(chunks: number, pp: number): number {
  // Each chunk passes all stages, one behind the other.
  return pp === 1 ? 1 : (pp + chunks - 1) / chunks;
}

/** Seconds of a micro-batch: what layers take, the output head, and the scheduler beside both. */
export interface MicroBatchTime {
  readonly layers: number;
  readonly head: number;
  readonly host: number;
}

export interface Round {
  /** Until each sequence has its next token. */
  readonly total: number;
  /** Waiting for the slowest stage, and what is sent from stage to stage. */
  readonly pipeline: number;
}

/** A round of all micro-batches. `tokens` are those of one micro-batch of one attention replica. */
export function roundOf(
  instance: ServingInstance,
  { layers, head, host }: MicroBatchTime,
  tokens: number,
  links: Links,
  hostSharpness: number,
): Round {
  const { shape, layout } = instance;
  const { pp, tp } = layout;
  if (pp === 1) return { total: overlapped(layers + head, host, hostSharpness), pipeline: 0 };
  const chips = instanceChips(layout);
  // Stages of several domains send over the network; each chip sends its part of the tokens.
  const stride = chips <= links.domain ? 1 : links.domain;
  const send = sendSeconds((tokens * shape.hidden * 2) / tp, stride, links);
  const first = layers * longestStage(shape, pp);
  const last = (layers * Math.floor(shape.layers / pp)) / shape.layers + head;
  const slowest = Math.max(first, last) + send;
  return {
    total: pp * overlapped(slowest, host, hostSharpness),
    pipeline: pp * slowest - layers - head,
  };
}

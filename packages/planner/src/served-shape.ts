// What serving needs of a model's shape beyond training's: layers whose state does not grow with
// the context, and attention that reads only the tokens which an index chooses.

import type { ModelShape } from './model-shape.ts';

/** Layers with a fixed state in place of keys and values (Gated DeltaNet, arXiv 2412.06464). */
export interface LinearAttention {
  /** One layer of so many has full attention, the others are linear. */
  readonly fullAttentionEvery: number;
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly headDim: number;
}

/** Sparse attention by a lightning indexer (DeepSeek-V3.2-Exp, arXiv 2512.02556). */
export interface SparseAttention {
  /** Tokens that a query attends to. */
  readonly topK: number;
  readonly indexHeads: number;
  readonly indexDim: number;
}

export interface ServedShape extends ModelShape {
  readonly linear: LinearAttention | null;
  readonly sparse: SparseAttention | null;
  /** A gate as wide as the queries is projected with them. */
  readonly gatedAttention: boolean;
}

/** How many layers attend in which way. */
export interface LayerKinds {
  readonly full: number;
  readonly windowed: number;
  readonly linear: number;
}

/** Layers by what their attention reads. */
export function layerKinds(shape: ServedShape): LayerKinds {
  const every = shape.linear?.fullAttentionEvery ?? 1;
  const attending = shape.linear === null ? shape.layers : Math.floor(shape.layers / every);
  const linear = shape.layers - attending;
  const full = shape.window === null ? attending : Math.floor(attending / shape.fullAttentionEvery);
  return { full, windowed: attending - full, linear };
}

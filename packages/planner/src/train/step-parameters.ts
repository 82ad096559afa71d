// What the physics of a training step takes from measurement: few numbers, each with its meaning
// and unit. catalog/training-parameters.json holds fitted ones by chip, family and framework.

/** Shares are of 1. Each is physical; none belongs to one run. */
export interface StepParameters {
  /** Matrix products: what a large one reaches of the chip's best, by precision. */
  readonly gemmBf16: number;
  readonly gemmFp8: number;
  readonly gemmFp4: number;
  readonly gemmInt8: number;
  /** Side, in elements, of a cubic product that takes twice its time at the ceiling. */
  readonly halfSide: number;
  /** Rows and columns of a product are filled up to it. */
  readonly tile: number;
  /** Fused attention: what its forward pass reaches of the bf16 peak at long sequences. */
  readonly attention: number;
  /** Backward attention at this share of the forward rate. */
  readonly attentionBackward: number;
  /** Traffic of unfused attention: bytes per score, forward. */
  readonly scoreBytes: number;
  /** Tokens of a sequence at which attention reaches half of its rate. */
  readonly attentionHalfTokens: number;
  /** Head width at which attention reaches half of its rate. */
  readonly attentionHalfDim: number;
  /** What streaming kernels reach of the memory's bandwidth. */
  readonly hbm: number;
  /** Traffic of norms, residuals, activations, positions: multiple of the fully fused minimum. */
  readonly elementwise: number;
  /** Traffic of casts to narrow formats: multiple of one read and one write per operand. */
  readonly cast: number;
  /** Traffic over the logits: passes of 4 bytes per entry. */
  readonly logitPasses: number;
  /** What collectives reach of a link's one-way bandwidth, and what they take to start. */
  readonly scaleUp: number;
  readonly scaleUpSeconds: number;
  readonly scaleOut: number;
  readonly scaleOutSeconds: number;
  /** Share of the network's bandwidth lost per doubling of the domains that a group spans. */
  readonly scaleOutLoss: number;
  /** What an all-to-all over the network reaches of what a ring does. */
  readonly exchange: number;
  /** Share of a collective's time that no computation hides. */
  readonly exposedTensor: number;
  readonly exposedContext: number;
  readonly exposedPipeline: number;
  readonly exposedData: number;
  /** The same where each layer's weights are gathered for use. */
  readonly exposedShards: number;
  readonly exposedExpert: number;
  /**
   * Of the all-reduce between slices that hold a copy each; above 1 where the network between
   * them gives less than its rate.
   */
  readonly exposedSlices: number;
  /** Over a data center's network between slices: per layer and doubling of the slices. */
  readonly sliceSeconds: number;
  /** Work of launching a layer's kernels that is not hidden: seconds per layer and pass. */
  readonly layerSeconds: number;
  /** The same for a layer of experts, on top. */
  readonly expertLayerSeconds: number;
  /** And for each expert that a chip holds. */
  readonly expertSeconds: number;
  /** And for latent attention. */
  readonly latentLayerSeconds: number;
  /** Fixed work of a step: data, logging, the optimizer's launch. */
  readonly stepSeconds: number;
  /** Spread of the times of single hosts, relative: the slowest sets the pace (straggler.ts). */
  readonly jitter: number;
  /**
   * Grouped products of experts: share of what a plain product reaches, with a side of their own
   * for small ones; never more than a plain product of the same shape.
   */
  readonly expertGemm: number;
  /** Side of a product of an expert that takes twice its time at the ceiling. */
  readonly expertHalfSide: number;
  /** Traffic of routing tokens to experts and back: passes over each copy of a token, forward. */
  readonly permute: number;
  /** Passes over the gates of experts with biases and clamps beside those of a plain gate. */
  readonly biasPasses: number;
  /** Forward matrix products that selective recomputation repeats. */
  readonly selective: number;
  /**
   * Of a layer's last product, the share that full recomputation repeats: a compiler leaves it out,
   * and so does a checkpoint that stops when all that is needed is there again.
   */
  readonly repeatedLast: number;
  /** Multiple of the counted activations that is really held: workspaces, fragmentation. */
  readonly activationSlack: number;
  /** Bytes per token and entry of the vocabulary, of logits and their gradients. */
  readonly logitBytes: number;
  /** Tokens whose logits are held at once; the loss of a longer micro-batch is taken in parts. */
  readonly logitTokens: number;
  /** Of what is kept under selective recomputation, the share that this stack keeps. */
  readonly selectiveKept: number;
  /** Bytes of state per parameter beside gradients and optimizer: a working copy of the weights. */
  readonly weightBytes: number;
  /** Bytes of an operand that is kept for the backward pass, in narrow formats. */
  readonly narrowKept: number;
  /** Bytes taken by the runtime and the libraries of collectives. */
  readonly reservedBytes: number;
}

/** Names of the parameters, in the order in which they are shown. */
export type StepParameter = keyof StepParameters;

/**
 * Where nothing was fitted: a well-tuned stack on a switched GPU, from published measurements
 * (matrix products: stas00/ml-engineering; attention: arXiv 2407.08608; overlap: arXiv 2205.05198).
 */
export const usualParameters: StepParameters = {
  gemmBf16: 0.9,
  gemmFp8: 0.9,
  gemmFp4: 0.7,
  gemmInt8: 0.9,
  halfSide: 400,
  tile: 128,
  attention: 0.6,
  attentionBackward: 0.75,
  scoreBytes: 0.02,
  attentionHalfTokens: 300,
  attentionHalfDim: 40,
  hbm: 0.85,
  elementwise: 1.5,
  cast: 1,
  logitPasses: 3,
  scaleUp: 0.75,
  scaleUpSeconds: 8e-6,
  scaleOut: 0.8,
  scaleOutSeconds: 15e-6,
  scaleOutLoss: 0.02,
  exchange: 0.7,
  exposedTensor: 0.5,
  exposedContext: 0.3,
  exposedPipeline: 0.2,
  exposedData: 0.1,
  exposedShards: 0.2,
  exposedExpert: 0.6,
  exposedSlices: 1,
  sliceSeconds: 5e-3,
  layerSeconds: 60e-6,
  expertLayerSeconds: 200e-6,
  expertSeconds: 10e-6,
  latentLayerSeconds: 50e-6,
  stepSeconds: 8e-3,
  jitter: 0.006,
  expertGemm: 0.9,
  expertHalfSide: 900,
  permute: 6,
  biasPasses: 8,
  selective: 0.05,
  repeatedLast: 1,
  activationSlack: 1,
  logitBytes: 8,
  logitTokens: 1e9,
  selectiveKept: 1,
  weightBytes: 2,
  narrowKept: 1,
  reservedBytes: 2.5e9,
};

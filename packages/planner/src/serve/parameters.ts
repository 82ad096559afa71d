// The fitted numbers of the serving physics: few, each with a meaning and a unit, none for a
// single run. tools/planner/fit-serving.ts writes them to catalog/serving-parameters.json.

/** Chips whose kernels and links behave alike. */
export type Silicon = 'hopper' | 'blackwell' | 'cdna' | 'tpu' | 'neuron1' | 'neuron2';

export const silicons: readonly Silicon[] = [
  'hopper',
  'blackwell',
  'cdna',
  'tpu',
  'neuron1',
  'neuron2',
];

export interface SiliconParameters {
  /** Share of the data sheet's memory bandwidth that weights are read at. */
  readonly memoryShare: number;
  /** Share of that bandwidth at which a paged cache is read. */
  readonly cacheReadShare: number;
  /** Share of the best product measured on a chip that a model's products reach. */
  readonly matrixShare: number;
  /** Share of the one-way link bandwidth that collectives reach. */
  readonly linkShare: number;
  /** Microseconds of a small all-reduce over two chips. */
  readonly collectiveUs: number;
}

export interface EngineParameters {
  /** Milliseconds of the scheduler for each step, beside the chips' work. */
  readonly hostStepMs: number;
  /** Microseconds of the scheduler for each sequence of a step. */
  readonly hostSequenceUs: number;
  /** Latency of its small all-reduces against that of the silicon. */
  readonly collectiveFactor: number;
  /** Microseconds of kernels and gaps of a layer that no roofline has. */
  readonly layerUs: number;
  /** The same, more, of a layer with experts. */
  readonly expertLayerUs: number;
  /** Milliseconds of a request's way in, and of its first token's way out. */
  readonly requestMs: number;
  /** Microseconds of the launches of a layer where a step reads prompts, without a graph. */
  readonly promptLayerUs: number;
  /** The same, more, of a layer with experts. */
  readonly promptExpertLayerUs: number;
  /** Steps that an arriving request waits for, its own first one among them. */
  readonly waitSteps: number;
  /** Microseconds that a first token waits for each message of a step that goes out before it. */
  readonly streamUs: number;
  /** Seconds in which an engine that served nothing yet makes and chooses its kernels. */
  readonly coldSeconds: number;
}

export interface SharedParameters {
  /** Exponent of the norm that joins compute and memory time: large is a sharp roofline. */
  readonly roofSharpness: number;
  /** The same for the chips' work and the scheduler's beside it. */
  readonly hostSharpness: number;
  /** Eight-bit and four-bit matrix products, as a share of what bf16 reaches of its peak. */
  readonly eightBitShare: number;
  readonly fourBitShare: number;
  /** Bytes read for a four-bit weight against those it has, dense and expert kernels. */
  readonly fourBitReads: number;
  readonly fourBitExpertReads: number;
  /** Expert kernels against dense ones: of compute (2,048 wide ones), of memory bandwidth. */
  readonly expertMatrixShare: number;
  /** How that grows with the width of an expert on a chip: narrow products fill fewer tiles. */
  readonly expertWidthPower: number;
  readonly expertMemoryShare: number;
  /** Four-bit expert kernels against the others: of the compute that those reach of their peak. */
  readonly fourBitExpertSpeed: number;
  /** Rows that an expert with few tokens is filled up by. */
  readonly expertTileRows: number;
  /** How much more the busiest expert-parallel chip has than the mean, for many chips. */
  readonly expertImbalance: number;
  /** Times that a layer's activations pass through memory: whole on every chip, and split. */
  readonly activationPasses: number;
  readonly splitActivationPasses: number;
  /** The same of each copy of a token that goes to an expert and comes back. */
  readonly sortPasses: number;
  /** Share of the matrix speed that attention products reach, decode and prompt. */
  readonly decodeAttentionShare: number;
  readonly promptAttentionShare: number;
  /** Growth of a collective's latency for each doubling of its chips. */
  readonly collectiveGrowth: number;
  /** Microseconds of an exchange between experts and attention replicas. */
  readonly exchangeUs: number;
  /** Part of a step's tokens that choose experts of their own: the others choose alike. */
  readonly routingSpread: number;
  /** Microseconds, a layer: latent attention, the choice of tokens, linear attention. */
  readonly latentLayerUs: number;
  /** The same of experts that see every token, beside the routed ones. */
  readonly sharedExpertUs: number;
  readonly indexLayerUs: number;
  readonly linearLayerUs: number;
  /** Growth of overheads for each year that an engine's release is older. */
  readonly overheadPerYear: number;
  /** Host time on Grace against x86 hosts. */
  readonly graceHost: number;
  /** Gigabytes of a chip for the device's context, buffers, graphs and activations. */
  readonly workspaceGb: number;
  /** Share of memory that engines use, and of its output that a request holds on average. */
  readonly usableMemoryShare: number;
  readonly heldOutputShare: number;
  /** Part of a prompt's launches that holds up its step, and with it those that decode. */
  readonly launchShare: number;
  /** Part of the prompts' time that falls on running requests. */
  readonly interference: number;
  /** Prompts that share a step where all requests have the same lengths. */
  readonly alikeTogether: number;
  /** Part of a full cache's queue that shows in the first token's time. */
  readonly queueShare: number;
}

export interface ServingParameters {
  readonly shared: SharedParameters;
  readonly silicon: Readonly<Record<Silicon, SiliconParameters>>;
  readonly engines: Readonly<Record<string, EngineParameters>>;
}

/** Before any fit: the middle of what published measurements report, and where a fit starts. */
export const unfitted: ServingParameters = {
  shared: {
    roofSharpness: 1.5,
    hostSharpness: 2,
    eightBitShare: 0.9,
    fourBitShare: 0.8,
    fourBitReads: 1.4,
    fourBitExpertReads: 1.2,
    expertMatrixShare: 0.5,
    expertWidthPower: 0.2,
    expertMemoryShare: 0.8,
    fourBitExpertSpeed: 1,
    expertTileRows: 16,
    expertImbalance: 0.2,
    activationPasses: 8,
    splitActivationPasses: 24,
    sortPasses: 4,
    decodeAttentionShare: 0.5,
    promptAttentionShare: 0.6,
    collectiveGrowth: 0.3,
    exchangeUs: 15,
    latentLayerUs: 5,
    routingSpread: 0.8,
    sharedExpertUs: 10,
    indexLayerUs: 30,
    linearLayerUs: 5,
    overheadPerYear: 0.2,
    graceHost: 1,
    workspaceGb: 3,
    usableMemoryShare: 0.9,
    heldOutputShare: 0.7,
    launchShare: 0.3,
    interference: 0.9,
    alikeTogether: 1.5,
    queueShare: 0.3,
  },
  silicon: Object.fromEntries(
    silicons.map(name => [
      name,
      {
        memoryShare: 0.75,
        cacheReadShare: 0.8,
        matrixShare: 0.7,
        linkShare: 0.5,
        collectiveUs: 8,
      },
    ]),
  ) as Record<Silicon, SiliconParameters>,
  engines: Object.fromEntries(
    ['trtllm', 'vllm', 'sglang', 'neuron', 'tpu'].map(name => [
      name,
      {
        hostStepMs: 1,
        hostSequenceUs: 5,
        collectiveFactor: 1,
        layerUs: 15,
        expertLayerUs: 20,
        requestMs: 12,
        promptLayerUs: 120,
        promptExpertLayerUs: 600,
        waitSteps: 2.3,
        streamUs: 300,
        coldSeconds: 0.5,
      },
    ]),
  ),
};

/** The silicon that a chip's parameters are taken from. */
export function siliconOf(chipId: string): Silicon {
  if (/^(GB|B)\d/.test(chipId)) return 'blackwell';
  if (/^MI\d/.test(chipId)) return 'cdna';
  if (/^TPU/.test(chipId)) return 'tpu';
  if (/^(Trainium1|Inferentia)/.test(chipId)) return 'neuron1';
  return /^Trainium/.test(chipId) ? 'neuron2' : 'hopper';
}

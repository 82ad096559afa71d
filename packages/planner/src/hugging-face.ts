// Reads a Hugging Face config.json into a shape. Every problem names the field, what was found
// there and what would work; all problems are reported at once.

import type { Experts, LatentAttention } from './model-shape.ts';
import type { LinearAttention, ServedShape, SparseAttention } from './served-shape.ts';

type Config = Readonly<Record<string, unknown>>;

/** What is wrong with a config.json; the message has a line for each problem. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Names that the makers of models give the same thing; the first is the most common. */
const names = {
  layers: ['num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'],
  hidden: ['hidden_size', 'n_embd', 'd_model'],
  heads: ['num_attention_heads', 'n_head', 'n_heads'],
  kvHeads: ['num_key_value_heads', 'num_kv_heads', 'n_head_kv'],
  ffn: ['intermediate_size_mlp', 'intermediate_size', 'ffn_dim', 'n_inner', 'ffn_hidden_size'],
  experts: ['num_local_experts', 'n_routed_experts', 'num_experts', 'moe_num_experts'],
  topK: ['num_experts_per_tok', 'num_experts_per_token', 'moe_top_k', 'top_k'],
  expertFfn: ['moe_intermediate_size', 'intermediate_size'],
  shared: ['n_shared_experts', 'num_shared_experts'],
} as const;

class Reader {
  readonly config: Config;
  readonly problems: string[] = [];
  constructor(config: Config) {
    this.config = config;
  }

  has(keys: readonly string[]): boolean {
    return keys.some(key => (this.config[key] ?? null) !== null);
  }

  /** A whole number from `least` up under one of the names; `fallback` where none is there. */
  count(keys: readonly string[], fallback: number | null, least = 1): number {
    const key = keys.find(k => (this.config[k] ?? null) !== null);
    if (key === undefined) {
      if (fallback !== null) return fallback;
      const also = keys.length > 1 ? ` (or ${keys.slice(1).join(', ')})` : '';
      this.problems.push(`${keys[0]}: is missing; give it as a whole number${also}`);
      return 1;
    }
    const value = this.config[key];
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    const shown = JSON.stringify(value)?.slice(0, 40);
    this.problems.push(`${key}: must be a whole number from ${least} up, not ${shown}`);
    return 1;
  }
}

/** The shape in the text of a config.json. Throws ConfigError. */
export function readHuggingFaceConfig(text: string, name: string): ServedShape {
  const reader = new Reader(textPart(parse(text)));
  const hidden = reader.count(names.hidden, null);
  const heads = reader.count(names.heads, null);
  const latent = readLatent(reader);
  const kvHeads = reader.count(names.kvHeads, reader.config.multi_query === true ? 1 : heads);
  const shape: ServedShape = {
    name,
    layers: reader.count(names.layers, null),
    hidden,
    heads,
    kvHeads,
    headDim: reader.count(['head_dim'], Math.max(1, Math.floor(hidden / heads))),
    ffn: reader.count(names.ffn, 4 * hidden),
    gated: isGated(reader.config),
    vocab: reader.count(['vocab_size'], null),
    tied: reader.config.tie_word_embeddings === true,
    latent,
    ...readWindow(reader),
    experts: readExperts(reader),
    linear: readLinear(reader),
    sparse: readSparse(reader),
    gatedAttention: reader.config.attn_output_gate === true,
  };
  checkHeads(reader, shape);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return shape;
}

function parse(text: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`must be the JSON of a model's config.json: ${why}`]);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Config;
  throw new ConfigError(['must be one JSON object, as config.json of a model repository is']);
}

/** Models of several kinds of input keep the language model's fields in a part of their own. */
function textPart(config: Config): Config {
  const inner = config.text_config ?? config.llm_config ?? config.language_config;
  if (typeof inner !== 'object' || inner === null) return config;
  return { ...config, ...(inner as Config) };
}

function readLatent(reader: Reader): LatentAttention | null {
  if (!reader.has(['kv_lora_rank'])) return null;
  return {
    queryRank: reader.count(['q_lora_rank'], 0, 0),
    keyValueRank: reader.count(['kv_lora_rank'], null),
    plainDim: reader.count(['qk_nope_head_dim'], null),
    rotaryDim: reader.count(['qk_rope_head_dim'], null),
    valueDim: reader.count(['v_head_dim'], null),
  };
}

function readExperts(reader: Reader): Experts | null {
  if (!reader.has(names.experts)) return null;
  const count = reader.count(names.experts, null, 0);
  if (count <= 1) return null;
  const every = ['interleave_moe_layer_step', 'decoder_sparse_step', 'moe_layer_freq'];
  const topK = reader.count(names.topK, null);
  if (topK > count) {
    reader.problems.push(`${names.topK[0]}: ${topK} is more than the ${count} experts there are`);
  }
  const ffn = reader.count(names.expertFfn, null);
  // Of Qwen's models it is the width of all of them together, 0 where there are none.
  const sharedWidth = reader.count(['shared_expert_intermediate_size'], 0, 0);
  const llama4 = reader.has(['intermediate_size_mlp']) ? 1 : Math.round(sharedWidth / ffn);
  return {
    count,
    topK,
    ffn,
    shared: reader.count(names.shared, llama4, 0),
    firstDenseLayers: reader.count(['first_k_dense_replace'], 0, 0),
    every: reader.count(every, 1),
  };
}

function readWindow(reader: Reader): { window: number | null; fullAttentionEvery: number } {
  const { config } = reader;
  const off = config.use_sliding_window === false;
  const chunk = ['attention_chunk_size'];
  if (reader.has(chunk)) return { window: reader.count(chunk, null), fullAttentionEvery: 4 };
  if (off || !reader.has(['sliding_window'])) return { window: null, fullAttentionEvery: 1 };
  const window = reader.count(['sliding_window'], null);
  const types = Array.isArray(config.layer_types) ? config.layer_types : [];
  const full = types.filter(type => type === 'full_attention').length;
  const every = full > 0 ? Math.round(types.length / full) : 1;
  const pattern = reader.count(['sliding_window_pattern'], every);
  return pattern > 1
    ? { window, fullAttentionEvery: pattern }
    : { window: null, fullAttentionEvery: 1 };
}

function readLinear(reader: Reader): LinearAttention | null {
  if (!reader.has(['linear_num_value_heads'])) return null;
  return {
    fullAttentionEvery: reader.count(['full_attention_interval'], null),
    keyHeads: reader.count(['linear_num_key_heads'], null),
    valueHeads: reader.count(['linear_num_value_heads'], null),
    headDim: reader.count(['linear_value_head_dim'], null),
  };
}

function readSparse(reader: Reader): SparseAttention | null {
  if (!reader.has(['index_topk'])) return null;
  return {
    topK: reader.count(['index_topk'], null),
    indexHeads: reader.count(['index_n_heads'], null),
    indexDim: reader.count(['index_head_dim'], null),
  };
}

/** SwiGLU and its kin have three matrices; the older plain activations two. */
function isGated(config: Config): boolean {
  const activation = String(config.hidden_act ?? config.activation_function ?? 'silu');
  const plain = /^(gelu_new|gelu_fast|relu|relu2)$/.test(activation);
  const old = /^(gptj|gpt2|gpt_neox|falcon|opt|mpt|bloom|nemotron)$/;
  return !plain && !old.test(String(config.model_type ?? ''));
}

function checkHeads(reader: Reader, shape: ServedShape): void {
  if (shape.latent !== null || shape.heads % shape.kvHeads === 0) return;
  const divisors = Array.from({ length: shape.heads }, (_, i) => i + 1);
  const fits = divisors.filter(d => shape.heads % d === 0);
  const near = fits.reduce((a, b) =>
    Math.abs(b - shape.kvHeads) < Math.abs(a - shape.kvHeads) ? b : a,
  );
  reader.problems.push(
    `${names.kvHeads[0]}: ${shape.kvHeads} does not divide ${shape.heads} heads; ${near} does`,
  );
}

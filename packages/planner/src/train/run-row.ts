// The form of a row in a file of published training runs, as such files come: names and nulls of
// the file are kept.

export interface RunRow {
  readonly id: string;
  readonly source: string;
  /** YYYY-MM. */
  readonly date: string;
  readonly framework: string;
  readonly model: RunModel;
  readonly accelerator: string;
  readonly count: number;
  readonly precision: string;
  readonly tp: number | null;
  readonly pp: number | null;
  readonly dp: number | null;
  readonly cp: number | null;
  readonly ep: number | null;
  readonly etp: number | null;
  readonly vpp: number | null;
  readonly sharding: string | null;
  readonly micro_batch: number | null;
  readonly global_batch: number | null;
  readonly recompute: string | null;
  readonly measured: {
    readonly step_time_s: number | null;
    readonly tokens_per_s_per_chip: number | null;
    readonly memory_gib: number | null;
    /** The run did not fit: nothing was timed. */
    readonly out_of_memory?: boolean;
  };
  readonly notes: string | null;
}

export interface RunModel {
  readonly name: string;
  readonly layers: number | null;
  readonly hidden: number | null;
  readonly heads: number | null;
  readonly kv_heads: number | null;
  readonly head_dim: number | null;
  readonly ffn: number | null;
  readonly gated_ffn: boolean | null;
  readonly vocab: number | null;
  readonly seq: number | null;
  readonly notes?: string | null;
  readonly experts?: number | null;
  readonly top_k?: number | null;
  readonly moe_ffn?: number | null;
  readonly shared_experts?: number | null;
  readonly first_dense_layers?: number | null;
  readonly q_lora_rank?: number | null;
  readonly kv_lora_rank?: number | null;
  readonly qk_nope_head_dim?: number | null;
  readonly qk_rope_head_dim?: number | null;
  readonly v_head_dim?: number | null;
}

// What an engine's scheduler is started with, as far as the time of a first token hangs on it.

import type { Chip } from '../chip.ts';
import type { Engine } from './instance.ts';

export interface LaunchSettings {
  /** Prompt tokens that one step takes at most. */
  readonly chunkTokens: number;
  /** Steps between two looks of the scheduler for new requests. */
  readonly pollSteps: number;
  /** Tokens of a request that are sent in one message, after the first. */
  readonly streamSteps: number;
  /** Steps that a prompt is held back, for others to be read with, while any sequence decodes. */
  readonly holdSteps: number;
}

/** SGLang's step on memories of 160 GiB and more: chunked_prefill_size in server_args.py. */
const wideChunk = { fromBytes: 160 * 2 ** 30, tokens: 16384 };

/** All others' on accelerators that serve models: get_batch_defaults of vLLM, max_num_tokens. */
const usualChunkTokens = 8192;

/** What an engine does when it is told nothing. Defaults of 2025 and 2026, seen 2026-11-25. */
export function usualLaunch(engine: Engine, { hbmBytes }: Chip): LaunchSettings {
  const wide = engine === 'sglang' && (hbmBytes ?? 0) >= wideChunk.fromBytes;
  const chunkTokens = wide ? wideChunk.tokens : usualChunkTokens;
  return { chunkTokens, pollSteps: 1, streamSteps: 1, holdSteps: 0 };
}

// What MLPerf Inference fixes for its language models: the mean lengths of its data sets and the
// limits under which Server and Interactive results count (MLCommons rules v4.1 and v5.1). A
// submission's log has neither.

export interface MlperfTask {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** 99th percentiles: [seconds to the first token, seconds per token]. */
  readonly server: readonly [number, number];
  readonly interactive: readonly [number, number] | null;
}

/** By the model's name without its vendor. Outputs: TOKENS_PER_SAMPLE of the reference code. */
export const mlperfTasks: Readonly<Record<string, MlperfTask>> = {
  // OpenOrca, 24,576 samples.
  'llama-2-70b': {
    inputTokens: 294,
    outputTokens: 294,
    server: [2, 0.2],
    interactive: [0.45, 0.04],
  },
  // LongBench, RULER and GovReport.
  'llama-3.1-405b': {
    inputTokens: 9400,
    outputTokens: 685,
    server: [6, 0.175],
    interactive: [4.5, 0.08],
  },
  // CNN/DailyMail.
  'llama-3.1-8b': {
    inputTokens: 778,
    outputTokens: 73,
    server: [2, 0.1],
    interactive: [0.5, 0.03],
  },
  // AIME, MATH500, GPQA, MMLU-Pro and LiveCodeBench.
  'deepseek-v3': { inputTokens: 800, outputTokens: 3886, server: [2, 0.08], interactive: null },
  // OpenOrca, GSM8K and MBXP.
  'mixtral-8x7b': { inputTokens: 280, outputTokens: 146, server: [2, 0.2], interactive: null },
};

/** Mean time per token of a result whose 99th percentile stands at the limit. */
export const meanOfLimit = 0.8;

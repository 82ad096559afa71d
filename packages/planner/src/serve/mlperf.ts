// What MLPerf Inference fixes for its language models: the mean lengths of its data sets and the
// limits under which Server and Interactive results count. A submission's log has neither.
//
// Seen 2026-11-24 in github.com/mlcommons/inference at b66003e: limits in loadgen/mlperf.conf, mean
// outputs where each task says so. Mean inputs are printed nowhere in that repository: they are
// those that submitters report of the data sets, and remain unverified.

export interface MlperfTask {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** 99th percentiles: [seconds to the first token, seconds per token]. */
  readonly server: readonly [number, number];
  readonly interactive: readonly [number, number] | null;
}

/** By the model's name without its vendor. */
export const mlperfTasks: Readonly<Record<string, MlperfTask>> = {
  // OpenOrca, 24,576 samples; TOKENS_PER_SAMPLE 294.45 in
  // tools/submission/submission_checker/constants.py.
  'llama-2-70b': {
    inputTokens: 294,
    outputTokens: 294.45,
    server: [2, 0.2],
    interactive: [0.45, 0.04],
  },
  // LongBench, RULER and GovReport, 8,313 samples; tokens_per_sample 684.68 in
  // language/llama3.1-405b/README.md.
  'llama-3.1-405b': {
    inputTokens: 9400,
    outputTokens: 684.68,
    server: [6, 0.175],
    interactive: [4.5, 0.08],
  },
  // CNN/DailyMail, 13,368 samples; language/llama3.1-8b/SUT_VLLM.py stops at 128 tokens, and the
  // 8,167,644 characters of its README are 611 a sample: nearly all reach the end. Articles have
  // some 4,000 characters (49,420,172 bytes in 11,490 test samples with their highlights,
  // huggingface.co/datasets/xNoper/cnn-test): at as many characters a token, and a prompt, 870.
  'llama-3.1-8b': {
    inputTokens: 870,
    outputTokens: 128,
    server: [2, 0.1],
    interactive: [0.5, 0.03],
  },
  // The same articles until v5.0; 69 tokens and 20 seconds in all in loadgen/mlperf.conf, whose
  // 4,016,878 characters (docs/index.md) are 4.4 a token.
  'gpt-j-6b': { inputTokens: 940, outputTokens: 69, server: [20, 0.29], interactive: null },
  // AIME, MATH500, GPQA, MMLU-Pro and LiveCodeBench, 4,388 samples; mean-output-tok-len 3886.2274
  // in language/deepseek-r1/README.md.
  'deepseek-v3': {
    inputTokens: 800,
    outputTokens: 3886.23,
    server: [2, 0.08],
    interactive: [1.5, 0.015],
  },
  // OpenOrca, GSM8K and MBXP, 15,000 samples; tokens_per_sample 144.84 in
  // language/mixtral-8x7b/README.md.
  'mixtral-8x7b': {
    inputTokens: 280,
    outputTokens: 144.84,
    server: [2, 0.2],
    interactive: null,
  },
};

/**
 * Means of a result whose 99th percentile stands at its limit, as the logs of v5.1 have them that
 * the repository keeps under tools/submission/directory_structure_samples: time per token 0.60 to
 * 0.88 of the limit (0.72 to 0.74 for Llama 2 Server), first token 0.34 to 0.50.
 */
export const meanOfTokenLimit = 0.74;
export const meanOfFirstLimit = 0.46;

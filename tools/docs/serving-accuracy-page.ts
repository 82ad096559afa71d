// docs/serving-accuracy.md: how far the serving physics is from published runs.

import type { FittedServing, GroupErrors } from '@entrepot/planner/serve/read-parameters';
import type { GroupSummary, ServingValidation } from '@entrepot/planner/serve/validate';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const names = {
  tpot: 'time per output token',
  ttft: 'time to the first token',
  throughput: 'throughput at most',
} as const;

/** What errors come from, and how the form of the physics was chosen. */
const explanation: readonly string[] = [
  '## What stands behind the largest errors',
  '',
  '- **Time to the first token** is a mean over a whole benchmark. InferenceX sends ten times its concurrency, the first',
  '  tenth at once: those stand in one line, and until 21 January 2026 nothing had gone before them, so that kernels were',
  '  still made. Its prompts and outputs are 0.9 of the lengths it names on average. Its scripts say, by model, chip and',
  '  day, how many prompt tokens a step takes, how often SGLang looks for requests, how long TensorRT-LLM holds prompts',
  '  back for others (20 steps for Llama 70B) and how many tokens a message has: these are read, not fitted',
  '  (`packages/planner/src/serve/inferencex.ts`). aiconfigurator sends twenty times its concurrency, of one length.',
  '- **Runs that look as if they speculated** but do not say so: Qwen3.5 in 8 bits on four B200 or B300 with SGLang 0.5.9',
  '  (some 45 runs) has tokens two thirds as long as a month later, and first tokens twice as late.',
  '- **Llama 3.1 8B on H200** with SGLang has first tokens that wait for the front end with hundreds of streams, which no',
  '  other pair shows as clearly; with vLLM its prompts are read from a cache. **Llama 70B on H100** reads prompts faster,',
  '  **Qwen3 32B on H100** slower than any fit of the other pairs has it, both in the same engine.',
  '- **Llama 3.1 8B with TensorRT-LLM 1.0.0rc3** has first tokens that wait for a whole output over the concurrency',
  '  (550 ms at 8 requests, 226 ms at 32). The same sweep of Qwen3 235B has no such wait; nothing is fitted to it.',
  '- **DeepSeek with SGLang of November 2025** on B200 has first tokens after five to nine seconds from 32 requests or',
  '  8,192 tokens on; runs of four months later have them after half a second to three.',
  '- **DeepSeek on GB200** has rows whose `tp` is the number of chips of prefill and decode together: the best layout is',
  '  looked for, without the prompts apart.',
  '- **MLPerf** rows have neither layout nor lengths: the best layout is looked for; outputs are the means that the reference',
  '  implementations state, inputs were found nowhere and are estimates (`packages/planner/src/serve/mlperf.ts`).',
  '- **Speculative** rows do not say how many tokens were proposed and taken: four, three of four times, are assumed.',
  '',
  '## How the form was chosen',
  '',
  'By looking at errors on these same runs: the physics was fitted and cross-validated in some thirty forms, and the one',
  'with the least error by cross-validation was kept. No parameter is for a run, but the errors above are lower than those',
  'of runs that nobody had seen by as much as that choice is worth. How pairs are dealt matters as well: before GH200 was in',
  'the catalog 67 pairs were dealt otherwise, and a quicker fit of an earlier form had 10.6 %, 23.2 % and 12.5 %.',
  '',
  'Tried last, for the time to the first token: settings of launches by script and day, a line of the opening burst with its',
  'decoding steps, prompts that share a step, copies of tokens to experts, what a front end takes for each stream, prompts',
  'in steps of their own (SGLang), at most 30 runs of a pair, and a pull to the start five times as strong: kept. A speed of',
  'prompts for each engine, sums in NVLink switches, a pull fifteen times as strong: dropped, they made other pairs worse.',
  '',
  'What of this is the form and what the fit: the form before, fitted with the same pull and as many runs of a pair, has',
  '12.5 %, 22.4 % and 14.5 %. So tokens and throughput are nearer by the form; the first token is nearer by the fit, and by the',
  'form only on runs that a fit has seen (18.5 %) and with vLLM (19.4 to 16.9 %).',
  '',
  'The target for the time to the first token, 20 %, is not reached: vLLM is below it, SGLang and TensorRT-LLM are not, for the',
  'rows named above. What is missing is what the launch of an unknown pair adds to its prompts: dense models with',
  'TensorRT-LLM and SGLang have one pair or two each to learn it from.',
  '',
];

/** The page's text. */
export function servingAccuracyPage(fitted: FittedServing, validation: ServingValidation): string {
  const { crossValidation } = fitted;
  const { summary, runs } = validation;
  const measures = ['tpot', 'ttft', 'throughput'] as const;
  return [
    '# How accurate plans of serving are',
    '',
    'Made by `node tools/docs/write-serving-accuracy.ts`; do not edit.',
    '',
    `The physics of \`packages/planner/src/serve/\` has one set of parameters: ${fitted.pairs} pairs of model and`,
    `accelerator with ${fitted.runs} published runs (TensorRT-LLM, vLLM, SGLang, MLPerf Inference, Neuron, TPU) were used to`,
    `fit it on ${fitted.fittedOn}. None of them is for a single run or a single model.`,
    '',
    '## Runs that a fit had not seen',
    '',
    'Cross-validation: the pairs are dealt into six parts; each part is predicted by a fit on the other five, so that',
    'no run of its model on its accelerator was seen.',
    '',
    '| measure | runs | median error | 90th percentile | bias |',
    '|---|---:|---:|---:|---:|',
    ...measures.map(measure => row(names[measure], crossValidation[measure])),
    '',
    'Error is absolute, predicted over measured less one; bias is the median of the signed errors. Runs of one table that',
    'are listed under several names are taken once.',
    '',
    ...measures.flatMap(measure => crossTable(crossValidation.groups, measure)),
    '## All runs, with the parameters that plans use',
    '',
    `${summary.judged} of ${summary.runs} runs could be judged. ${percent(summary.fitShare)} of them are predicted to fit`,
    'in memory; all of them did run.',
    '',
    '![Predicted and measured time per token](serving-tpot.svg)',
    '![Predicted and measured time to the first token](serving-ttft.svg)',
    '![Predicted and measured throughput](serving-throughput.svg)',
    '',
    '| by | name | measure | runs | median | 90th percentile | bias |',
    '|---|---|---|---:|---:|---:|---:|',
    ...summary.groups.map(groupRow),
    '',
    ...explanation,
    '## Runs that could not be judged',
    '',
    ...reasons(runs),
    '',
  ].join('\n');
}

function row(name: string, e: { runs: number; median: number; p90: number; bias: number }): string {
  return `| ${name} | ${e.runs} | ${percent(e.median)} | ${percent(e.p90)} | ${percent(e.bias)} |`;
}

function crossTable(groups: readonly GroupErrors[], measure: keyof typeof names): string[] {
  const own = groups.filter(group => group.measure === measure);
  return [
    `### ${names[measure][0]!.toUpperCase()}${names[measure].slice(1)}`,
    '',
    '| by | name | runs | median | 90th percentile | bias |',
    '|---|---|---:|---:|---:|---:|',
    ...own.map(group => row(`${group.by} | ${group.name}`, group)),
    '',
  ];
}

function groupRow(g: GroupSummary): string {
  const figures = [g.median, g.p90, g.bias].map(percent).join(' | ');
  return `| ${g.by} | ${g.name} | ${g.measure} | ${g.runs} | ${figures} |`;
}

function reasons(runs: ServingValidation['runs']): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of runs) {
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return ['None.'];
  return [...counts].map(([reason, count]) => `- ${count}: ${reason}`);
}

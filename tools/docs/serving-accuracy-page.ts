// docs/serving-accuracy.md: how far the serving physics is from published runs.

import type { FittedServing, GroupErrors } from '@entrepot/planner/serve/read-parameters';
import type { GroupSummary, ServingValidation } from '@entrepot/planner/serve/validate';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const names = {
  tpot: 'time per output token',
  ttft: 'time to the first token',
  throughput: 'throughput at most',
} as const;

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
    '## What stands behind the largest errors',
    '',
    '- **Time to the first token** is a mean over a whole benchmark. InferenceX sends ten times its concurrency, the first',
    '  tenth at once: those stand in one line. The burst that was fitted to vLLM and TensorRT-LLM is about that tenth. Its',
    '  prompts and outputs are 0.9 of the lengths it names on average, and its SGLang looks for requests only every 10 or 30',
    '  steps on Blackwell: both are read from its scripts. Other settings of a launch are in no row and no script that was',
    '  found: how many tokens are sent at once, whether prompts run in captured graphs.',
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
    'By looking at errors on these same runs: the physics was fitted and cross-validated in some twenty forms, and the one',
    'with the least error by cross-validation was kept. No parameter is for a run, but the errors above are lower than those',
    'of runs that nobody had seen by as much as that choice is worth. How pairs are dealt matters as well: before GH200 was in',
    'the catalog 67 pairs were dealt otherwise, and a quicker fit of the same form had 10.6 %, 23.2 % and 12.5 %.',
    '',
    'Time to the first token cannot be brought much lower by a better form: fitted to the very runs that it then predicts, by',
    'engine and with twelve parameters each, its median error is still 14 % for vLLM, 23 % for TensorRT-LLM and 26 % for SGLang.',
    '',
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

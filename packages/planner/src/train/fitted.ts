// Fitted parameters: one base and factors on it, by chip, family of chips, framework, age of the
// software and format of numbers. A parameter of a step is the product of those that apply.

import { type Chip, generationOf } from '../chip.ts';
import { precisionOf } from './published-run.ts';
import { type Framework, stackAge } from './stack.ts';
import type { StepParameter, StepParameters } from './step-parameters.ts';

export type FactorLevel =
  | 'family'
  | 'generation'
  | 'chip'
  | 'framework'
  | 'framework+generation'
  | 'framework+age'
  | 'framework+age+precision'
  | 'format';

/** A factor on one parameter for all runs of one chip, framework, ... */
export interface Factor {
  readonly level: FactorLevel;
  readonly of: string;
  readonly parameter: StepParameter;
  readonly factor: number;
}

export interface Fitted {
  /** Day of the fit, rows that it used, and its loss: mean |log(predicted / measured)|. */
  readonly fittedOn: string;
  readonly source: string;
  readonly rows: number;
  readonly loss: number;
  readonly base: StepParameters;
  readonly factors: readonly Factor[];
  /** Errors on runs whose pair of chip and model was not used to fit. */
  readonly accuracy: readonly Accuracy[];
}

/** Cross-validated error of a group of runs. Errors are shares: 0.05 is 5 %. */
export interface Accuracy {
  readonly by: 'all' | 'accelerator' | 'framework' | 'kind' | 'chips';
  readonly name: string;
  readonly runs: number;
  /** Different pairs of accelerator and model. */
  readonly pairs: number;
  readonly median: number;
  readonly p90: number;
  /** Median of predicted over measured, less 1. */
  readonly bias: number;
  /** Runs that were predicted not to fit in memory. */
  readonly failures: number;
}

/** The accuracy on an accelerator; null where no published run was judged: unvalidated. */
export function accuracyOn(fitted: Fitted, accelerator: string): Accuracy | null {
  return fitted.accuracy.find(a => a.by === 'accelerator' && a.name === accelerator) ?? null;
}

/** What decides which factors apply. */
export interface Setting {
  readonly chip: Chip;
  readonly framework: Framework;
  /** YYYY-MM. */
  readonly date: string;
  /** Format of the linear layers as sources name it: `bf16`, `fp8_delayed`, `mxfp8`, ... */
  readonly format: string;
}

/** Names at each level that apply in a setting. */
export function namesOf(setting: Setting): Readonly<Record<FactorLevel, string>> {
  const { chip, framework, date } = setting;
  return {
    family: chip.family,
    generation: generationOf(chip),
    chip: chip.id,
    framework,
    'framework+generation': `${framework} ${generationOf(chip)}`,
    'framework+age': `${framework} ${stackAge(date)}`,
    'framework+age+precision': `${framework} ${stackAge(date)} ${precisionOf(setting.format)}`,
    format: setting.format,
  };
}

/** The parameters of a step in a setting. */
export function parametersFor(fitted: Fitted, setting: Setting): StepParameters {
  const names = namesOf(setting);
  return withFactors(
    fitted.base,
    fitted.factors.filter(({ level, of }) => names[level] === of),
  );
}

/** The base with factors on it. */
export function withFactors(base: StepParameters, factors: Iterable<Factor>): StepParameters {
  const found: Record<StepParameter, number> = { ...base };
  for (const { parameter, factor } of factors) found[parameter] *= factor;
  for (const share of sharesOfOne) found[share] = Math.min(1, found[share]);
  return found;
}

/** Parameters that are shares of something and cannot be more than all of it. */
const sharesOfOne: readonly StepParameter[] = [
  'hbm',
  'scaleUp',
  'scaleOut',
  'exposedTensor',
  'exposedContext',
  'exposedPipeline',
  'exposedData',
  'exposedShards',
  'exposedExpert',
  'selective',
];

// The options of `plan train` as a request. What cannot be is refused with what could.

import type { Catalog } from '@entrepot/catalog/catalog';
import type { Precision, Recompute, Sharding } from '@entrepot/planner/layout';
import { countParameters } from '@entrepot/planner/model-shape';
import type { TrainingRequest } from '@entrepot/planner/plan/training-request';
import { type CommandInput, UsageError } from '../../command.ts';
import { dateOf, suggest, textOf } from '../../commands/catalog/arguments.ts';
import { acceleratorIds, cloudsOf, listOf, oneOf } from '../choices.ts';
import { modelNamed } from '../model-shapes.ts';
import { daysOf, quantity, wholeQuantity } from '../quantity.ts';

const precisions: readonly Precision[] = ['bf16', 'fp8', 'mxfp8', 'nvfp4', 'int8'];

/** Tokens of a step when none are given: as large models were trained, more for larger ones. */
function usualStepTokens(parameters: number): number {
  return parameters > 100e9 ? 2 ** 24 : 2 ** 22;
}

export function readRequest(input: CommandInput, catalog: Catalog): TrainingRequest {
  if (input.positionals.length > 0) {
    throw new UsageError(`takes no arguments, only options: not "${input.positionals.join(' ')}"`);
  }
  const name = need(input, 'model', 'llama-3.1-405b');
  const model = modelNamed(name).shape;
  const tokens = quantity(need(input, 'tokens', '15T'), 'tokens', '15T');
  const sequence = wholeQuantity(textOf(input, 'sequence') ?? '8192', 'sequence', '8192');
  const parameters = countParameters(model).total;
  const given = textOf(input, 'batch');
  const globalBatch =
    given === null
      ? Math.max(1, Math.round(usualStepTokens(parameters) / sequence))
      : wholeQuantity(given, 'batch', '2048');
  const names = listOf(input, 'accelerator');
  return {
    modelId: name.endsWith('.json') ? model.name : name.toLowerCase(),
    model,
    tokens,
    sequence,
    globalBatch,
    precision: oneOf(textOf(input, 'precision') ?? 'bf16', 'precision', precisions),
    chips: chipsOf(need(input, 'chips', '16384')),
    accelerators: names === null ? null : acceleratorIds(names, catalog.accelerators),
    clouds: cloudsOf(input),
    regions: regionsOf(input, catalog),
    deadlineDays: optional(input, 'deadline', text => daysOf(text, 'deadline')),
    budgetUsd: optional(input, 'budget', text => quantity(text, 'budget', '60M')),
    asOf: dateOf(input),
    given: layoutOf(textOf(input, 'layout')),
  };
}

function need(input: CommandInput, option: string, example: string): string {
  const text = textOf(input, option);
  if (text !== null) return text;
  throw new UsageError(`needs --${option}, such as --${option} ${example}`);
}

function optional<T>(input: CommandInput, option: string, read: (text: string) => T): T | null {
  const text = textOf(input, option);
  return text === null ? null : read(text);
}

/** Several counts as they are; one, and its half and quarter to compare with. */
function chipsOf(text: string): number[] {
  if (/^0+$/.test(text)) {
    throw new UsageError('--chips 0: no chip trains nothing; the smallest plan is --chips 1');
  }
  const counts = text.split(',').map(part => wholeQuantity(part.trim(), 'chips', '1024,4096'));
  const [only] = counts;
  if (counts.length > 1 || only === undefined) return [...new Set(counts)];
  return [only, only / 2, only / 4].filter(n => Number.isInteger(n) && n >= 1);
}

function regionsOf(input: CommandInput, catalog: Catalog): string[] | null {
  const names = listOf(input, 'region');
  const known = [...new Set(catalog.instances.flatMap(i => i.region ?? []))];
  for (const name of names ?? []) {
    if (!known.includes(name)) {
      throw new UsageError(`--region: no host is sold in "${name}". ${suggest(name, known)}`);
    }
  }
  return names;
}

const degrees = ['tp', 'pp', 'vpp', 'dp', 'cp', 'ep', 'etp', 'microBatch'] as const;
const shardings: readonly Sharding[] = ['none', 'zero1', 'zero2', 'zero3'];
const recomputes: readonly Recompute[] = ['none', 'selective', 'full'];

/** `tp=8,pp=16,sharding=zero1`. */
function layoutOf(text: string | null): TrainingRequest['given'] {
  if (text === null) return {};
  const given: Record<string, unknown> = {};
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.trim().split('=');
    if (degrees.some(d => d === name)) {
      given[name] = wholeQuantity(value, `layout ${name}`, `${name}=8`);
    } else if (name === 'sharding') given[name] = oneOf(value, 'layout sharding', shardings);
    else if (name === 'recompute') {
      given[name] = oneOf(value, 'layout recompute', recomputes);
      given.recomputedShare = 1;
    } else {
      throw new UsageError(
        `--layout: "${part}". ${suggest(name, [...degrees, 'sharding', 'recompute'])}`,
      );
    }
  }
  if (typeof given.tp === 'number') given.sp = given.tp > 1;
  return given;
}

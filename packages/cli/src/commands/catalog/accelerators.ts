import {
  type Accelerator,
  type AcceleratorFigures,
  isVerified,
} from '@entrepot/catalog/accelerator';
import type { Catalog } from '@entrepot/catalog/catalog';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import {
  catalogOptions,
  catalogOptionsHelp,
  cloudOf,
  dateOf,
  openCatalog,
  suggest,
  textOf,
} from './arguments.ts';
import { left, right, table } from './table.ts';

export const accelerators: Command = {
  name: 'catalog accelerators',
  summary: 'List accelerators with what is known of them.',
  help: `Usage: entrepot catalog accelerators [options]

Per chip, dense rates. With --cloud: those that the cloud rents out in the catalog's instance types.

  --model M       one accelerator: H100-SXM, Trainium2, TPU-v6e
${catalogOptionsHelp}

Example: entrepot catalog accelerators --cloud aws`,
  options: catalogOptions,
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const catalog = openCatalog(input);
  const year = Number(dateOf(input).slice(0, 4));
  const cloud = cloudOf(input, catalog);
  const id = textOf(input, 'model');
  if (id !== null) requireAccelerator(catalog, id);
  const rented = new Set(
    catalog.instances.filter(i => cloud === null || i.cloud === cloud).map(i => i.acceleratorId),
  );
  const found = catalog.accelerators.filter(
    accelerator =>
      (id === null || accelerator.id === id) &&
      (cloud === null || rented.has(accelerator.id)) &&
      (accelerator.firstYear === null || accelerator.firstYear <= year),
  );
  if (input.values.json === true) {
    output.print(JSON.stringify({ accelerators: found }, null, 2));
    return 0;
  }
  output.print(
    table(
      shown.map(figure => figure.column),
      found.map(accelerator => shown.map(figure => figure.cell(accelerator))),
    ),
  );
  output.note(`${found.length} accelerators. ? marks a figure whose source was not verified.`);
  return 0;
}

/** Throws UsageError with a near name when the catalog has no such accelerator. */
export function requireAccelerator(catalog: Catalog, id: string): void {
  const ids = catalog.accelerators.map(accelerator => accelerator.id);
  if (!ids.includes(id)) {
    throw new UsageError(`there is no accelerator "${id}". ${suggest(id, ids)}`);
  }
}

const shown = [
  { column: left('ACCELERATOR'), cell: (a: Accelerator) => a.id },
  { column: left('VENDOR'), cell: (a: Accelerator) => a.vendor },
  { column: left('RENTED'), cell: (a: Accelerator) => (a.availability === 'cloud' ? 'yes' : 'no') },
  figure('YEAR', 'firstYear', 1),
  figure('BF16 TFLOPS', 'denseBf16Tflops', 1),
  figure('FP8 TFLOPS', 'denseFp8Tflops', 1),
  figure('HBM GB', 'hbmBytes', 1e9),
  figure('HBM GB/s', 'hbmBytesPerSecond', 1e9),
  figure('LINK GB/s', 'scaleUpBytesPerSecond', 1e9),
  figure('CHIPS', 'scaleUpChips', 1),
  figure('WATTS', 'tdpWatts', 1),
];

function figure(title: string, name: keyof AcceleratorFigures, unit: number) {
  const cell = (accelerator: Accelerator): string => {
    const value = accelerator[name];
    if (value === null) return 'unknown';
    // One decimal is enough to tell 80 GB from 80 GiB; the JSON has the bytes.
    const text = String(Math.round((value / unit) * 10) / 10);
    return isVerified(accelerator, name) || name === 'firstYear' ? text : `${text}?`;
  };
  return { column: right(title), cell };
}

import type { InstanceType } from '@entrepot/catalog/instance-type';
import { formatUsd } from '@entrepot/catalog/money';
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

export const instances: Command = {
  name: 'catalog instances',
  summary: 'List instance types with accelerators and prices.',
  help: `Usage: entrepot catalog instances [options]

Instance types with N accelerators, by region, in USD per hour, as far as they were seen on the
day. The JSON has more: vCPUs, memory, source, the day of each price.

  --model M       one accelerator (H100-SXM) or one instance type (p5.48xlarge)
${catalogOptionsHelp}

Example: entrepot catalog instances --cloud aws --model H100-SXM`,
  options: catalogOptions,
  run,
};

const columns = [
  left('CLOUD'),
  left('INSTANCE'),
  left('REGION'),
  left('ACCELERATOR'),
  right('N'),
  right('USD/H'),
  right('SPOT'),
];

async function run(input: CommandInput, output: Output): Promise<number> {
  const catalog = openCatalog(input);
  const date = dateOf(input);
  const cloud = cloudOf(input, catalog);
  const word = textOf(input, 'model');
  const named = catalog.instances.filter(i => word === null || isNamed(i, word));
  if (word !== null && named.length === 0) {
    const chips = catalog.instances.flatMap(i => i.acceleratorId ?? i.accelerator);
    const names = [...new Set(chips)].sort();
    const said = `there is no accelerator or instance type "${word}"`;
    throw new UsageError(`${said}. ${suggest(word, names)}`);
  }
  const found = named.filter(i => (cloud === null || i.cloud === cloud) && i.seenOn <= date);
  if (input.values.json === true) {
    output.print(JSON.stringify({ asOf: date, instances: found }, null, 2));
    return 0;
  }
  output.print(table(columns, found.map(toCells)));
  output.note(`${found.length} instance types in regions, seen until ${date}.`);
  return 0;
}

function isNamed(instance: InstanceType, word: string): boolean {
  return [instance.acceleratorId, instance.accelerator, instance.name].includes(word);
}

function toCells(instance: InstanceType): readonly string[] {
  const usd = (value: number | null): string => (value === null ? 'unknown' : formatUsd(value));
  return [
    instance.cloud,
    instance.name,
    instance.region ?? 'unknown',
    instance.acceleratorId ?? instance.accelerator,
    String(instance.acceleratorCount ?? 'unknown'),
    usd(instance.onDemandNanoUsdPerHour),
    usd(instance.spotNanoUsdPerHour),
  ];
}

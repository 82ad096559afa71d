// instances.csv: an instance type in a region a line. No value holds a comma or a quote.

import { isDate } from '../date.ts';
import type { InstanceType } from '../instance-type.ts';
import { toNanoUsd } from '../money.ts';
import type { Problem } from '../problem.ts';
import { clouds } from './services.ts';

const columns = [
  'cloud',
  'name',
  'region',
  'accelerator',
  'acceleratorId',
  'acceleratorCount',
  'acceleratorMemoryMib',
  'vcpus',
  'memoryGib',
  'onDemandUsdPerHour',
  'spotUsdPerHour',
  'source',
  'seenOn',
] as const;
type Column = (typeof columns)[number];

export function readInstances(path: string, text: string, problems: Problem[]): InstanceType[] {
  const [head, ...lines] = text.split('\n');
  if (head !== columns.join(',')) {
    const message = `must have the columns ${columns.join(',')}`;
    problems.push({ file: path, line: 1, field: '', message });
    return [];
  }
  const instances: InstanceType[] = [];
  lines.forEach((line, i) => {
    if (line === '') return;
    const problem = (field: string, message: string): void => {
      problems.push({ file: path, line: i + 2, field, message });
    };
    const cells = line.split(',');
    if (cells.length !== columns.length) {
      problem('', `must have ${columns.length} values, not ${cells.length}`);
      return;
    }
    instances.push(readInstance(new Cells(cells, problem)));
  });
  return instances;
}

function readInstance(cells: Cells): InstanceType {
  return {
    cloud: cells.cloud(),
    name: cells.text('name'),
    region: cells.textOrNull('region'),
    accelerator: cells.text('accelerator'),
    acceleratorId: cells.textOrNull('acceleratorId'),
    acceleratorCount: cells.number('acceleratorCount'),
    acceleratorMemoryMib: cells.number('acceleratorMemoryMib'),
    vcpus: cells.number('vcpus'),
    memoryGib: cells.number('memoryGib'),
    onDemandNanoUsdPerHour: cells.nanoUsd('onDemandUsdPerHour'),
    spotNanoUsdPerHour: cells.nanoUsd('spotUsdPerHour'),
    source: cells.text('source'),
    seenOn: cells.date('seenOn'),
  };
}

/** One line, by the names of its columns. An empty cell is unknown. */
class Cells {
  readonly #cells: readonly string[];
  readonly #problem: (field: string, message: string) => void;
  constructor(cells: readonly string[], problem: (field: string, message: string) => void) {
    this.#cells = cells;
    this.#problem = problem;
  }

  textOrNull(column: Column): string | null {
    return this.#cells[columns.indexOf(column)] || null;
  }
  text(column: Column): string {
    const text = this.textOrNull(column);
    if (text === null) this.#problem(column, 'must not be empty');
    return text ?? '';
  }
  cloud(): InstanceType['cloud'] {
    const text = this.text('cloud');
    const cloud = clouds.find(c => c === text);
    if (cloud === undefined) this.#problem('cloud', `must be one of ${clouds.join(', ')}`);
    return cloud ?? 'self';
  }
  date(column: Column): string {
    const text = this.text(column);
    if (!isDate(text)) this.#problem(column, `must be a day as YYYY-MM-DD, not "${text}"`);
    return text;
  }
  number(column: Column): number | null {
    const text = this.textOrNull(column);
    if (text === null) return null;
    const value = Number(text);
    if (value > 0 && Number.isFinite(value)) return value;
    this.#problem(column, `must be a number above 0, or empty for unknown, not "${text}"`);
    return null;
  }
  nanoUsd(column: Column): number | null {
    const usd = this.number(column);
    const nano = usd === null ? null : toNanoUsd(usd);
    if (usd !== null && nano === null) this.#problem(column, 'is finer than a nano-USD');
    return nano;
  }
}

// accelerators.json: an array, one accelerator each, laid out for people.

import {
  type Accelerator,
  type AcceleratorFigures,
  type FigureSource,
  figureNames,
} from '../accelerator.ts';
import { Fields } from '../fields.ts';
import type { Problem } from '../problem.ts';

const known = ['id', 'vendor', 'availability', 'topology', 'note', 'sources', 'seenOn'];

export function readAccelerators(path: string, text: string, problems: Problem[]): Accelerator[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push({ file: path, line: 1, field: '', message: `must be JSON: ${why}` });
    return [];
  }
  if (!Array.isArray(list)) {
    problems.push({ file: path, line: 1, field: '', message: 'must be a list of accelerators' });
    return [];
  }
  return list.map(value => readAccelerator(value, path, text, problems));
}

function readAccelerator(
  value: unknown,
  path: string,
  text: string,
  problems: Problem[],
): Accelerator {
  const place = { file: path, line: lineOf(text, (value as { id?: unknown } | null)?.id) };
  const fields = new Fields(value, [...known, ...figureNames], place, problems);
  const figures = Object.fromEntries(
    figureNames.map(name => [name, fields.positiveOrNull(name)]),
  ) as Record<keyof AcceleratorFigures, number | null>;
  const sources = fields.objects('sources', ['figures', 'source', 'verified']).map(
    (source): FigureSource => ({
      figures: source.someOf('figures', figureNames),
      source: source.text('source'),
      verified: source.flagOrNull('verified') ?? false,
    }),
  );
  for (const name of figureNames) {
    if (figures[name] !== null && !sources.some(s => s.figures.includes(name))) {
      fields.problem(name, 'is known but no entry of sources names it');
    }
  }
  return {
    id: fields.text('id'),
    vendor: fields.text('vendor'),
    availability: fields.oneOf('availability', ['cloud', 'internal']),
    ...figures,
    topology: fields.textOrNull('topology'),
    note: fields.textOrNull('note'),
    sources,
    seenOn: fields.date('seenOn'),
  };
}

/** JSON.parse tells no places: a record's line is taken to be that of its id. */
function lineOf(text: string, id: unknown): number {
  const at = typeof id === 'string' ? text.indexOf(`"id": ${JSON.stringify(id)}`) : -1;
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

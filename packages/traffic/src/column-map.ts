// A format of one's own: which column of a file holds what, from a small file:
//
//   time: { column: sent_at, unit: ms }   # s, ms or us since any start, or `date`
//   inputTokens: prompt_tokens
//   outputTokens: answer_tokens
//   model: model                          # these may be left out:
//   key: team
//   maxOutputTokens: limit
//   stream: is_stream
//   hashes: { column: block_hashes, blockTokens: 512 }

import { Fields } from '@entrepot/catalog/fields';
import { formatProblem, type Problem } from '@entrepot/catalog/problem';
import { count, countOr, duration, type Format, hashList, moment, name, shape } from './format.ts';
import { readYaml } from './route-map.ts';
import type { SourceFile } from './source-file.ts';
import { TrafficError } from './traffic-error.ts';

const units = { s: 1000, ms: 1, us: 0.001 } as const;

const known = [
  'time',
  'inputTokens',
  'outputTokens',
  'model',
  'key',
  'maxOutputTokens',
  'stream',
  'hashes',
];

/** Throws TrafficError with all that is wrong. */
export function readColumnMap(text: string, path: string): Format {
  const problems: Problem[] = [];
  const root = new Fields(readYaml(text, path), known, { file: path, line: 1 }, problems);
  const time = root.object('time', ['column', 'unit']);
  const at = time.text('column');
  const unit = time.has('unit') ? time.oneOf('unit', ['date', 's', 'ms', 'us'] as const) : 'date';
  const input = root.text('inputTokens');
  const output = root.text('outputTokens');
  const [model, key, most, stream] = ['model', 'key', 'maxOutputTokens', 'stream'].map(field =>
    root.textOrNull(field),
  );
  const hashes = root.has('hashes') ? root.object('hashes', ['column', 'blockTokens']) : null;
  const hashColumn = hashes?.text('column') ?? null;
  const blockTokens = hashes?.countOrNull('blockTokens') ?? null;
  if (hashes !== null && blockTokens === null) hashes.problem('blockTokens', 'is missing');
  if (problems.length > 0) throw new TrafficError(problems.map(formatProblem).join('\n'));
  const columns = [at, input, output, model, key, most, stream, hashColumn];
  return {
    name: path,
    about: `columns as ${path} says`,
    columns: columns.filter(column => column != null),
    shape: file =>
      shape({
        at: unit === 'date' ? moment(file, at) : duration(file, at, units[unit]),
        isUnix: unit === 'date',
        inputTokens: count(file, input),
        outputTokens: count(file, output),
        model: model == null ? null : name(file, model),
        key: key == null ? null : name(file, key),
        maxOutputTokens: most == null ? null : countOr(file, most, 0),
        features: stream == null ? [] : [['streaming', isTrue(file, stream)]],
        hashes: hashColumn === null ? null : hashList(file, hashColumn),
        blockTokens,
      }),
  };
}

function isTrue(file: SourceFile, column: string): string {
  return `lower(CAST(${file.value(column)} AS VARCHAR)) IN ('true', '1', 'yes', 't')`;
}

import type { Place } from '../fields.ts';
import type { Problem } from '../problem.ts';

/**
 * The records of a JSON Lines file, each with its place. A line that is not JSON is a problem and
 * is left out; empty lines are allowed.
 */
export function readLines<T>(
  path: string,
  text: string,
  problems: Problem[],
  read: (value: unknown, place: Place) => T,
): T[] {
  const records: T[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const place = { file: path, line: i + 1 };
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push({ ...place, field: '', message: `must be one JSON object: ${why}` });
      return;
    }
    records.push(read(value, place));
  });
  return records;
}

// Keys of callers: from one to as many as a configuration file may hold.

import { works } from '../works.ts';
import type { Dimension } from './dimension.ts';
import { loadColumns, underLoad } from './under-load.ts';

const work = works[0]!;
const values = [1, 100, 1_000, 10_000, 90_000];

export const keys: Dimension = {
  name: 'keys',
  async measure(options) {
    const { seconds, rounds, tell } = options;
    const rows = [];
    for (const value of values) {
      tell(`keys: ${value}`);
      const list = Array.from({ length: value }, (_, n) => keyOf(n));
      const figures = await underLoad(options, () => ({ keys: list }), {
        work,
        rate: 2_000,
        seconds,
        rounds,
      });
      rows.push({ value, figures });
    }
    return {
      name: 'keys',
      how: '2,000 requests of 1 KB a second, each with the next key of a list',
      grows: 'keys',
      columns: loadColumns(work),
      rows,
    };
  },
};

/** As short as both may be: a configuration file is at most 4 MiB. */
function keyOf(n: number): { readonly name: string; readonly key: string } {
  return { name: `k${n}`, key: `key-of-${n.toString(36).padStart(9, '0')}` };
}

// Requests a second on one core: the more come together, the more share a transaction of the
// ledger and a wake-up of the process. In the default, durable mode, and in fast mode.

import { works } from '../works.ts';
import type { Dimension } from './dimension.ts';
import type { Row } from './result.ts';
import { loadColumns, underLoad } from './under-load.ts';

const work = works[0]!;
const values = [1_000, 2_000, 4_000, 8_000];

export const rate: Dimension = {
  name: 'rate',
  async measure(options) {
    const { seconds, rounds, tell } = options;
    const rows: Row[] = [];
    for (const value of values) {
      const load = { work, rate: value, seconds, rounds };
      tell(`rate: ${value}, fast`);
      const { cpuUs, addedP99Ms } = await underLoad(options, () => ({ mode: 'fast' }), load);
      tell(`rate: ${value}, durable`);
      const durable = await underLoad(options, () => ({ mode: 'durable' }), load);
      const fast = { fastCpuUs: cpuUs ?? null, fastP99Ms: addedP99Ms ?? null };
      rows.push({ value, figures: { ...durable, ...fast } });
    }
    return {
      name: 'rate',
      how: 'requests of 1 KB with a key, each reserved on disk before the upstream is called',
      grows: 'requests a second',
      columns: [
        ...loadColumns(work).filter(c => !['startMs', 'idleRssBytes'].includes(c.key)),
        { key: 'fastCpuUs', title: 'CPU us in `fast` mode', unit: 'us', ratio: true },
        { key: 'fastP99Ms', title: 'its added p99 ms', unit: 'ms' },
      ],
      rows,
    };
  },
};

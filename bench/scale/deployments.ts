// Deployments of one route: all of them are weighed for every request. By `cost`, where equals keep
// their order, and by `latency`, where a little chance puts them into another one each time.

import { chatDeployment } from '../sides/entrepot.ts';
import { works } from '../works.ts';
import type { Dimension, ScaleOptions } from './dimension.ts';
import type { Row } from './result.ts';
import { loadColumns, route, underLoad } from './under-load.ts';

const work = works[0]!;
const values = [1, 5, 20, 50, 200];

export const deployments: Dimension = {
  name: 'deployments',
  async measure(options) {
    const rows: Row[] = [];
    for (const value of values) {
      options.tell(`deployments: ${value}, by cost`);
      const cost = await withRoute(options, value, 'cost');
      options.tell(`deployments: ${value}, by latency`);
      const { cpuUs } = await withRoute(options, value, 'latency');
      rows.push({ value, figures: { ...cost, latencyCpuUs: cpuUs ?? null } });
    }
    const columns = loadColumns(work);
    columns.splice(1, 0, {
      key: 'latencyCpuUs',
      title: 'CPU us by `latency`',
      unit: 'us',
      ratio: true,
    });
    return {
      name: 'deployments',
      how: '2,000 requests of 1 KB a second to one route by `cost`; its CPU time by `latency` too',
      grows: 'deployments of the route',
      columns,
      rows,
    };
  },
};

function withRoute(
  options: ScaleOptions,
  value: number,
  objective: string,
): Promise<Row['figures']> {
  const names = Array.from({ length: value }, (_, n) => `chat-${n}`);
  return underLoad(
    options,
    setting => ({
      deployments: names.map(name => chatDeployment(name, setting)),
      routes: [{ name: route, objective, deployments: names }],
    }),
    { work, rate: 2_000, seconds: options.seconds, rounds: options.rounds },
  );
}

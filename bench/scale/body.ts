// The size of a request: it is scanned once and passed through.

import type { Setting } from '../side.ts';
import { chatDeployment } from '../sides/entrepot.ts';
import { type Work, works } from '../works.ts';
import type { Dimension } from './dimension.ts';
import type { Row } from './result.ts';
import { loadColumns, underLoad } from './under-load.ts';

const kibibyte = 1024;
const values = [1, 10, 100, 1_024, 10_240, 30_720].map(size => size * kibibyte);
/** At the most so much goes through, so that large requests do not queue. */
const bytesPerSecond = 40 * 2 ** 20;

export const body: Dimension = {
  name: 'body',
  async measure(options) {
    const { seconds, rounds, tell } = options;
    const rows: Row[] = [];
    for (const value of values) {
      tell(`body: ${value / kibibyte} KB`);
      const work: Work = { ...works[0]!, requestBytes: value };
      const rate = Math.min(2_000, bytesPerSecond / value);
      const load = { work, rate, seconds, rounds };
      const figures = await underLoad(
        options,
        setting => ({ deployments: [roomy(setting)] }),
        load,
      );
      const perKibibyte = (figures.cpuUs ?? Number.NaN) / (value / kibibyte);
      rows.push({ value, figures: { ...figures, cpuUsPerKb: perKibibyte } });
    }
    const columns = loadColumns(works[0]!);
    columns.splice(1, 0, { key: 'cpuUsPerKb', title: 'CPU us per KB', unit: 'us' });
    return {
      name: 'body',
      how: '2,000 requests a second, or as many as 40 MB are',
      grows: 'bytes of the request',
      columns,
      rows,
    };
  },
};

/** No model of the catalog takes 30 MB of text; one of an own server may. */
function roomy(setting: Setting): Record<string, unknown> {
  const prices = { inputUsdPerMtok: 1, outputUsdPerMtok: 1 };
  return { ...chatDeployment('chat', setting), offer: { model: 'bench/roomy', prices } };
}

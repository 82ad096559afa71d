// Starts simulated clouds for one test, and ends them with it.

import type { TestContext } from 'node:test';
import type { SimcloudOptions } from '../../src/options.ts';
import { type Simcloud, startSimcloud } from '../../src/simcloud.ts';

/** At once and with a fixed seed, unless the test says otherwise. */
export async function start(
  t: TestContext,
  options: SimcloudOptions = {},
  now?: () => number,
): Promise<Simcloud> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7, ...options }, now);
  t.after(() => simcloud.close());
  return simcloud;
}

// Proves that every scenario of the catalog can be replayed, and that those which must show in the
// figures do. How: one comparison of all of them on a quarter of an hour of traffic.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScenarioReport, WhatIfReport } from '@entrepot/replay/what-if/report';
import { runCommand } from '../command-process.ts';
import { folderOf, writeTrace } from './trace-file.ts';

const scenarios = readdirSync(join(import.meta.dirname, '../../../../catalog/scenarios'))
  .map(name => name.replace('.yaml', ''))
  // Their days are others than that of this comparison.
  .filter(name => !/^(o3-price-cut|gpt-5\.6-luna|sonnet-5)/.test(name));

async function compared(
  t: Parameters<typeof folderOf>[0],
  requests: number,
): Promise<WhatIfReport> {
  const folder = folderOf(t);
  const json = join(folder, 'report.json');
  const { code, stderr } = await runCommand([
    'what-if',
    ...['--traffic', writeTrace(folder, requests), '--route', 'openai/gpt-5.1'],
    ...['--as-of', '2025-12-31', '--seeds', '3', '--threads', '1', '--json', json],
    ...scenarios.flatMap(name => ['--scenario', name]),
  ]);
  assert.equal(code, 0, stderr);
  return JSON.parse(readFileSync(json, 'utf8')) as WhatIfReport;
}

test('every scenario is replayed, and shows where it must', async t => {
  const report = await compared(t, 900);
  const of = (name: string): ScenarioReport => report.scenarios.find(one => one.name === name)!;
  assert.deepEqual(
    report.scenarios.map(one => one.name),
    scenarios,
  );
  const { base } = report;
  assert(of('openai-outage').failovers > base.failovers + 1, 'calls fail over');
  assert.equal(of('openai-outage').costByCloud.openai! < base.costByCloud.openai!, true);
  assert(of('openai-load-balancer-outage').costByCloud.openai! < base.costByCloud.openai!);
  assert.equal(of('openai-batch-outage').failovers, base.failovers, 'text is answered as ever');
  assert.equal(of('a-cloud-leaves').costByCloud.azure ?? 0, 0);
  assert('aws+openai' in of('aws-openai-merger').costByCloud);
  assert(of('azure-provisioned').fixedUsd > 0);
  assert(of('traffic-doubles').costUsd > 2 * base.costUsd);
  assert(of('openai-slow').totalMs.p95! > base.totalMs.p95!);
  assert.equal(of('lock-in-cap').hhi! < base.hhi!, true);
  const leaving = (name: string): number =>
    Object.values(of(name).lockIn.leaving).reduce((sum, one) => sum + one.switchingUsd, 0);
  assert.deepEqual([leaving('egress-charged') > 0, leaving('eu-data-act')], [true, 0]);
});

test('an outage that begins after the traffic has ended is said to have no effect', async t => {
  const { scenarios } = await compared(t, 60);
  const outage = scenarios.find(one => one.name === 'openai-outage')!;
  assert.equal(outage.changesNothing, true);
  assert.match(outage.withoutEffect.join(), /it begins after the traffic has ended/);
});

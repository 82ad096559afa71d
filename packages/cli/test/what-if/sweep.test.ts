// A sweep finds its frontier; parts of a comparison that were replayed apart make the same report
// as one run; and the job for Kubernetes says what its pods do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CaseReport } from '@entrepot/replay/what-if/case-report';
import type { WhatIfReport } from '@entrepot/replay/what-if/report';
import { parse } from 'yaml';
import { UsageError } from '../../src/command.ts';
import { pointsOf, readDimensions } from '../../src/what-if/dimension.ts';
import { frontierOf } from '../../src/what-if/frontier.ts';
import { fromJson, toJson } from '../../src/what-if/plain-json.ts';
import { runCommand } from '../command-process.ts';
import { folderOf, writeTrace } from './trace-file.ts';

test('a sweep replays every combination and shows the frontier', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 200);
  const [json, page] = [join(folder, 'sweep.json'), join(folder, 'sweep.html')];
  const vary = ['--vary', 'maxShare=0.5,1', '--vary', 'objective=cost,latency'];
  const args = ['what-if', 'sweep', '--traffic', trace, ...vary, '--seeds', '2'];
  const { code, stdout, stderr } = await runCommand([...args, '--json', json, '--html', page]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /maxShare=0\.5 objective=latency .* frontier/);
  const report = JSON.parse(readFileSync(json, 'utf8')) as WhatIfReport;
  assert.equal(report.scenarios.length, 4);
  const by = new Map(report.scenarios.map(one => [one.name, one]));
  assert.ok(
    by.get('maxShare=0.5 objective=cost')!.hhi! < by.get('maxShare=1 objective=cost')!.hhi!,
  );
  assert.match(readFileSync(page, 'utf8'), /frontier/);
});

function withoutSpeed(text: string): string {
  return text.replace(/[\d,]+ requests\/s/, '');
}

test('parts merge to the report of one run, to the byte', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 150);
  const scenario = ['--scenario', 'openai-outage+traffic-doubles'];
  const args = ['what-if', '--traffic', trace, ...scenario, '--seeds', '4'];
  const files = (name: string) =>
    [join(folder, `${name}.json`), join(folder, `${name}.html`)] as const;
  const written = (name: string): string[] => {
    const [json, page] = files(name);
    return ['--reproducible', '--json', json, '--html', page];
  };
  const whole = await runCommand([...args, ...written('whole')]);
  assert.equal(whole.code, 0, whole.stderr);
  const parts = [0, 1, 2].map(i => join(folder, `part-${i}.json`));
  for (const [i, part] of parts.entries()) {
    const { code, stderr } = await runCommand([...args, '--part', `${i}/3`, '--json', part]);
    assert.equal(code, 0, stderr);
  }
  for (const [i, some] of [parts, parts.toReversed()].entries()) {
    const merged = await runCommand(['what-if', 'merge', ...some, ...written(`merged-${i}`)]);
    assert.equal(merged.code, 0, merged.stderr);
    assert.equal(withoutSpeed(merged.stdout), withoutSpeed(whole.stdout));
    for (const [k, file] of files(`merged-${i}`).entries()) {
      assert.equal(readFileSync(file, 'utf8'), readFileSync(files('whole')[k]!, 'utf8'));
    }
  }
  const missing = await runCommand(['what-if', 'merge', parts[0]!, parts[2]!]);
  assert.equal(missing.code, 130);
  assert.match(missing.stdout, /^PARTIAL/);
  const twice = await runCommand(['what-if', 'merge', parts[0]!, parts[0]!]);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /both have seed 1/);
  assert.match(
    (await runCommand(['what-if', 'merge', files('whole')[0]])).stderr,
    /is no part of a comparison/,
  );
});

test('the job for Kubernetes is indexed, with a pod for each share of the seeds', async () => {
  const args = [
    'what-if',
    'sweep',
    '--traffic',
    'trace.parquet',
    '--vary',
    'maxShare=0.4..1.0:0.3',
  ];
  const emit = ['--emit', 'k8s', '--seeds', '10', '--pods', '5', '--image', 'r/entrepot:1'];
  const { code, stdout, stderr } = await runCommand([...args, '--as-of', '2026-08-01', ...emit]);
  assert.equal(code, 0, stderr);
  const job = parse(stdout);
  assert.equal(job.spec.completionMode, 'Indexed');
  assert.equal(job.spec.completions, 5);
  const { image, args: given } = job.spec.template.spec.containers[0];
  assert.equal(image, 'r/entrepot:1');
  const text = given.join(' ');
  assert.match(
    text,
    /^what-if sweep --traffic trace\.parquet --as-of 2026-08-01 --vary maxShare=0\.4,0\.7,1 /,
  );
  assert.match(text, /--seeds 10 --part \$\(JOB_COMPLETION_INDEX\)\/5 --json /);
});

test('ranges are written as one would', () => {
  const valuesOf = (text: string): unknown => readDimensions([text])[0]!.values;
  assert.deepEqual(valuesOf('maxShare=0.4..1.0'), [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  assert.deepEqual(valuesOf('maxShare=0.4..1.0:0.2'), [0.4, 0.6, 0.8, 1]);
  assert.deepEqual(valuesOf('maxTtftMs=500,1000'), [500, 1000]);
  for (const wrong of [
    'maxShare=',
    'maxShare=a',
    'maxshare=1',
    'objective=cheap',
    'maxShare=1..0',
  ]) {
    assert.throws(() => readDimensions([wrong]), UsageError, wrong);
  }
  assert.throws(() => readDimensions(['maxShare=0.1..1:0.001']), /at most 500/);
  const points = pointsOf(readDimensions(['objective=cost,latency', 'residency=eu,us+eu']));
  assert.deepEqual(
    points.map(point => point.name),
    [
      'objective=cost residency=eu',
      'objective=cost residency=us+eu',
      'objective=latency residency=eu',
      'objective=latency residency=us+eu',
    ],
  );
  assert.deepEqual(points[1]!.edit.constraints, { residency: ['us', 'eu'] });
});

test('a case that is worse in all is not on the frontier', () => {
  const one = (name: string, costUsd: number, ms: number): CaseReport => {
    const quantiles = { p50: ms, p95: ms, p99: ms };
    const figures = { ttftMs: quantiles, totalMs: quantiles, availability: 1, hhi: 5000 };
    return { name, costUsd, ...figures } as unknown as CaseReport;
  };
  const cases = [one('cheap', 1, 100), one('fast', 2, 50), one('neither', 3, 100)];
  assert.deepEqual(
    frontierOf(cases).map(found => found.name),
    ['cheap', 'fast'],
  );
});

test('plain data comes back from a part as it was', () => {
  const data = {
    mix: new Map([['a', 0.5]]),
    until: Number.POSITIVE_INFINITY,
    of: [null, 'x', -0.5],
  };
  assert.deepEqual(fromJson(toJson(data)), data);
});

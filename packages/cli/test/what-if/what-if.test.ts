// `entrepot what-if` as its user runs it: the table, the JSON and the page from one trace, the same
// bytes for the same run, a gateway's own configuration, Ctrl-C, and what wrong use is told.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { WhatIfReport } from '@entrepot/replay/what-if/report';
import { showReport } from '../../src/what-if/show-report.ts';
import { bin, runCommand } from '../command-process.ts';
import { folderOf, writeTrace } from './trace-file.ts';

const example = join(import.meta.dirname, '../../../../examples/entrepot.yaml');

test('base and scenarios stand side by side, in the terminal, as JSON and as a page', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 300);
  const [json, page] = [join(folder, 'report.json'), join(folder, 'report.html')];
  const args = [
    'what-if',
    '--traffic',
    trace,
    '--route',
    'openai/gpt-5.1',
    '--as-of',
    '2025-12-31',
  ];
  const scenarios = ['--scenario', 'openai-on-bedrock', '--scenario', 'openai-outage+lock-in-cap'];
  const files = ['--json', json, '--html', page];
  const { code, stdout, stderr } = await runCommand([
    ...args,
    ...scenarios,
    '--seeds',
    '3',
    ...files,
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /300 requests/);
  assert.match(stdout, /base +openai-on-bedrock +openai-outage\+lock-in-cap/);
  assert.match(stdout, /Assumed:/);
  const report = JSON.parse(readFileSync(json, 'utf8')) as WhatIfReport;
  assert.equal(report.traffic.requests, 300);
  assert.equal(report.isPartial, false);
  assert.equal(report.scenarios.length, 2);
  const [bedrock, outage] = report.scenarios;
  for (const one of [report.base, bedrock!, outage!]) {
    assert.ok(one.costUsd > 0 && one.ttftMs.p50! > 0 && one.availability! > 0.9);
    assert.equal(one.intervals.costUsd!.length, 2);
  }
  assert.ok('aws' in bedrock!.costByCloud, 'an offer that the scenario adds is there');
  const why = Object.values(outage!.change.why).reduce((sum, usd) => sum + usd, 0);
  assert.ok(Math.abs(why - outage!.change.costUsd) < 1e-9);
  assert.ok(report.performance.requestsPerSecond > 0 && report.performance.peakRssBytes > 0);
  assert.match(readFileSync(page, 'utf8'), /^<!doctype html>[\s\S]*openai-on-bedrock[\s\S]*uPlot/);
});

test('one seed says that it has no intervals, and a case without effect that it has none', async t => {
  const trace = writeTrace(folderOf(t), 20);
  const args = ['--traffic', trace, '--scenario', 'o3-price-cut', '--seeds', '1'];
  const { stdout } = await runCommand(['what-if', ...args]);
  assert.match(stdout, /1 seed and so without intervals/);
  assert.match(stdout, /^! o3-price-cut changes NOTHING for this traffic/m);
  assert.match(stdout, /^! o3-price-cut: line \d+ of .*: no route of this traffic has an offer/m);
});

test('half of quotas is half of those that vendors publish, or is said to be of none', async t => {
  const folder = folderOf(t);
  const rows = Array.from({ length: 300 }, (_, i) => {
    const second = new Date(Date.UTC(2026, 0, 5, 0, 0, i)).toISOString().slice(0, 19);
    return `${second.replace('T', ' ')},20000,100`;
  });
  const trace = join(folder, 'heavy.csv');
  writeFileSync(trace, `TIMESTAMP,ContextTokens,GeneratedTokens\n${rows.join('\n')}\n`);
  const crunched = async (model: string): Promise<WhatIfReport> => {
    const world = ['--scenario', 'capacity-crunch', '--seeds', '2', '--json', '-'];
    const args = ['--traffic', trace, '--route', model, ...world];
    return JSON.parse((await runCommand(['what-if', ...args])).stdout) as WhatIfReport;
  };
  const { base, scenarios, assumed } = await crunched('openai/gpt-5.4');
  const [crunch] = scenarios as [WhatIfReport['scenarios'][0]];
  assert.ok(crunch.throttled > base.throttled, `${crunch.throttled} and ${base.throttled}`);
  assert.equal(crunch.changesNothing, false);
  assert.match(crunch.withoutEffect.join(), /in part: not every offer has a known quota/);
  assert.match(assumed.join('\n'), /10000 requests and 1000000 tokens a minute, as published for/);
  const unknown = (await crunched('anthropic/claude-sonnet-5')).scenarios[0]!;
  assert.equal(unknown.changesNothing, true);
  assert.match(unknown.withoutEffect.join(), /no offer of this traffic has a known quota/);
});

test('a terminal that is narrow gets fewer cases beside each other', async t => {
  const scenarios = ['openai-slow', 'openai-outage'].flatMap(name => ['--scenario', name]);
  const args = ['--traffic', writeTrace(folderOf(t), 900), ...scenarios, '--seeds', '2'];
  const { stdout } = await runCommand(['what-if', ...args, '--json', '-']);
  const report = JSON.parse(stdout) as WhatIfReport;
  const widest = (text: string): number =>
    Math.max(...text.split('\n').flatMap(line => (/^ {2}/.test(line) ? [] : line.length)));
  const [wide, narrow] = [showReport(report), showReport(report, 90)].map(widest);
  assert.ok(wide! > 100 && narrow! <= 90, `${wide} and ${narrow}`);
});

test('the same run gives the same bytes', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 200);
  const args = ['what-if', '--traffic', trace, '--scenario', 'openai-outage', '--seeds', '3'];
  const run = async (name: string): Promise<string> => {
    const files = ['--json', join(folder, `${name}.json`), '--html', join(folder, `${name}.html`)];
    const { code, stderr } = await runCommand([...args, '--reproducible', ...files]);
    assert.equal(code, 0, stderr);
    return readFileSync(files[1]!, 'utf8') + readFileSync(files[3]!, 'utf8');
  };
  assert.equal(await run('a'), await run('b'));
});

test('the routes of a gateway’s configuration, with its secrets unknown', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 100);
  const routes = join(folder, 'routes.yaml');
  const config = readFileSync(example, 'utf8');
  const name = /routes:[\s\S]*?name: (\S+?),?\s/.exec(config)![1]!;
  writeFileSync(routes, `default: ${name}\n`);
  const args = ['what-if', '--traffic', trace, '--config', example, '--seeds', '2', '--json', '-'];
  const { code, stdout, stderr } = await runCommand([...args, '--routes', routes]);
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as WhatIfReport).traffic.requests, 100);
  const unknown = await runCommand([...args, '--route', 'nobody']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /asks for "nobody": no route of .*--routes FILE/s);
});

test('Ctrl-C gives what was replayed so far, labelled as partial', async t => {
  const folder = folderOf(t);
  const trace = writeTrace(folder, 300_000);
  const json = join(folder, 'report.json');
  const args = ['what-if', '--traffic', trace, '--seeds', '50', '--threads', '1', '--json', json];
  const child = spawn(process.execPath, [bin, ...args]);
  let printed = '';
  child.stdout.on('data', text => {
    printed += text;
  });
  for await (const text of child.stderr) if (/replayed/.test(String(text))) break;
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(code, 130);
  assert.match(printed, /^PARTIAL/);
  const report = JSON.parse(readFileSync(json, 'utf8')) as WhatIfReport;
  assert.equal(report.isPartial, true);
  assert.ok(report.traffic.requests > 0);
});

test('tokens that one model counted are more or fewer of another', async t => {
  const trace = writeTrace(folderOf(t), 100);
  const cost = async (countedBy: string): Promise<number> => {
    const args = ['--traffic', trace, '--route', 'openai/gpt-5.4', '--counted-by', countedBy];
    const { stdout, stderr } = await runCommand([
      'what-if',
      ...args,
      '--seeds',
      '2',
      '--json',
      '-',
    ]);
    assert.notEqual(stdout, '', stderr);
    return (JSON.parse(stdout) as WhatIfReport).base.costUsd;
  };
  const [same, other] = [await cost('openai/gpt-5.4'), await cost('openai/gpt-4')];
  assert.ok(Math.abs(other / same - 1) > 0.001, `${same} and ${other}`);
});

const wrong: readonly (readonly [args: readonly string[], message: RegExp, code: number])[] = [
  [[], /needs --traffic/, 2],
  [['--traffic', 'nowhere.csv'], /there is no file nowhere\.csv/, 2],
  [['--traffic', 'a.csv', '--as-of', 'now'], /--as-of must be a day/, 2],
  [['--traffic', 'a.csv', '--seeds', '0'], /--seeds takes a whole number from 1/, 2],
  [['--traffic', 'a.csv', '--vary', 'maxShare=1'], /Unknown option '--vary'/, 2],
  [['--traffic', 'a.csv', '--scenario', 'x', '--scenario', 'x'], /--scenario x is given twice/, 2],
  [['--traffic', 'a.csv', '--json', '/nowhere/r.json'], /--json \/nowhere\/r.json cannot be/, 2],
  [['--traffic', 'a.csv', '--html', '/'], /--html \/ cannot be written: it is a folder/, 2],
  [['--traffic', 'a.csv', '--html', '-'], /--html takes a file/, 2],
  [['--traffic', 'ledger', '--ledger', 'nowhere.db'], /name it with --ledger FILE/, 2],
  [['sweep', '--traffic', 'a.csv', '--vary', 'maxShare=2'], /a share, from 0 to 1/, 2],
];
for (const [args, message, expected] of wrong) {
  test(`what-if ${args.join(' ')} is told what to do`, async () => {
    const { code, stderr } = await runCommand(['what-if', ...args]);
    assert.match(stderr, message);
    assert.equal(code, expected);
  });
}

test('an unknown scenario and an unknown model are told what is near', async t => {
  const trace = writeTrace(folderOf(t), 10);
  const args = ['what-if', '--traffic', trace];
  const scenario = await runCommand([...args, '--scenario', 'openai-outege']);
  assert.match(scenario.stderr, /did you mean "openai-outage"/);
  const model = await runCommand([...args, '--route', 'gpt-5.44']);
  assert.match(model.stderr, /"gpt-5.44", which is no model of the catalog\. Did you mean/);
});

test('all names of a trace that are no models are told at once', async t => {
  const file = join(folderOf(t), 'burst.csv');
  const header = 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type';
  writeFileSync(file, `${header}\n1,ChatGPT,5,6,11,API log\n2,GPT-4x,5,6,11,API log\n`);
  const { code, stderr } = await runCommand(['what-if', '--traffic', file]);
  assert.equal(code, 2);
  assert.match(stderr, /asks for "ChatGPT", "GPT-4x", which are no models of the catalog\. Say/);
});

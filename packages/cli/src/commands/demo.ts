// `entrepot demo`, which is what `npm start` runs: everything on one machine, for everyone to see.

import { writeFileSync } from 'node:fs';
import { chargeOf } from '@entrepot/engine/charge';
import { readLedger } from '@entrepot/gateway/ledger/read-ledger';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { type Command, type Output, UsageError } from '../command.ts';
import { demoRoutes } from '../demo/demo-config.ts';
import { type DemoOptions, demoOptions } from '../demo/demo-options.ts';
import { outage } from '../demo/outage.ts';
import { planTraffic } from '../demo/plan.ts';
import { play } from '../demo/play.ts';
import { printReport } from '../demo/print-report.ts';
import { ProgressLine } from '../demo/progress-line.ts';
import { realClouds } from '../demo/real-clouds.ts';
import { type DemoReport, makeReport } from '../demo/report.ts';
import { raiseStage, type Stage } from '../demo/stage.ts';
import { type DemoTrace, demoTrace } from '../demo/trace.ts';
import { describeRoutes } from '../describe-routes.ts';
import { stopSignal } from '../stop-signal.ts';

const help = `Simulated clouds, the gateway, and half a minute of traffic with an outage in it.

Usage: entrepot demo [options]        npm start -- [options]

  --exit          stop after the report; 0 only if no caller saw a failure and every request
                  has exactly one record in the ledger
  --json FILE     write the report as JSON
  --seconds N     length of the play (30)
  --trace FILE    play a trace, such as the Azure LLM inference traces, instead of traffic drawn
                  from their figures; "entrepot what-if --help" lists the formats
  --port N        where the gateway listens (4100, or a free port when that is taken)
  --seed N        another play of the same kind (1)
  --ledger FILE   keep the ledger here; otherwise it is gone at the end
  --real          use the real clouds that the environment has credentials for: a dozen short
                  requests that cost money, without an outage

Example: npm start -- --exit --json report.json`;

/** Trace seconds per second of play. */
const simulatedSpeed = 5;
const demoKey = 'demo-key';

export const demo: Command = {
  name: 'demo',
  summary: 'Simulated clouds, the gateway and half a minute of traffic with an outage in it.',
  help,
  options: {
    exit: { type: 'boolean' },
    json: { type: 'string' },
    seconds: { type: 'string' },
    trace: { type: 'string' },
    port: { type: 'string' },
    seed: { type: 'string' },
    ledger: { type: 'string' },
    real: { type: 'boolean' },
  },
  async run({ values, positionals }, output) {
    if (positionals.length > 0) throw new UsageError(`takes no argument ${positionals[0]}`);
    const options = demoOptions(values);
    const found = realClouds(process.env);
    sayWhatWasFound(
      found.map(c => c.name),
      options.real,
      output,
    );
    if (options.real && found.length === 0) {
      throw new UsageError('--real needs credentials of a cloud in the environment');
    }
    const speed = options.real ? 1 : simulatedSpeed;
    const trace = await demoTrace(options, speed);
    const stage = await raiseStage(options, options.real ? found : [], speed, demoKey);
    const stopped = stopSignal();
    try {
      sayWhereItIs(stage, options.real, output);
      const report = await Promise.race([perform(stage, options, trace, speed, output), stopped]);
      if (typeof report === 'string') return 130;
      output.print(printReport(report));
      if (options.json !== null)
        writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
      if (options.exit) return holds(report) ? 0 : 1;
      output.print(`\nServing at ${stage.running.url} until Ctrl-C.`);
      await stopped;
      return 0;
    } finally {
      await stage.close();
    }
  },
};

function holds({ callerFailures, ledger, requests }: DemoReport): boolean {
  const { records, missing, duplicate } = ledger;
  return callerFailures === 0 && missing === 0 && duplicate === 0 && records === requests;
}

async function perform(
  stage: Stage,
  options: DemoOptions,
  trace: DemoTrace,
  speed: number,
  output: Output,
): Promise<DemoReport> {
  const random = seededRandom(options.seed + 1);
  const names = new Set(stage.config.routes.map(r => r.route.name));
  const routes = demoRoutes.filter(name => names.has(name));
  const plan = planTraffic(trace.requests, { speed, routes, random });
  const durationMs = options.seconds * 1000;
  const line = new ProgressLine(output, durationMs, plan.length);
  const results = await play({
    url: stage.running.url,
    key: stage.key,
    plan,
    durationMs,
    outage: options.real ? [] : outage,
    onStep: async step => {
      await stage.perform(step);
      line.event(step.says);
    },
    onProgress: progress => line.show(progress),
  });
  line.end();
  const { ledger } = stage.running.gateway;
  await ledger.flush();
  const reader = readLedger(stage.ledgerPath);
  const ids = new Set(results.map(r => r.requestId));
  const entries = (await Array.fromAsync(reader.tail({ limit: 10_000_000 }))).filter(e =>
    ids.has(e.requestId),
  );
  await reader.close();
  return makeReport({
    simulated: !options.real,
    traffic: { source: trace.source, speed, seed: options.seed },
    results,
    entries,
    duplicates: stage.running.ledgerStats().duplicates,
    deployments: new Map(stage.config.routes.map(r => [r.route.name, r.route.deployments])),
    charge: (deployment, usage) => chargeOf(deployment.offer, usage),
  });
}

function sayWhatWasFound(names: readonly string[], isReal: boolean, output: Output): void {
  if (names.length === 0) return;
  const use = isReal
    ? 'they are used now, at their prices'
    : 'they are used only with --real; this play is on simulated clouds';
  output.print(`Credentials found for: ${names.join(', ')}; ${use}.`);
}

function sayWhereItIs(stage: Stage, isReal: boolean, output: Output): void {
  const { config, key, running } = stage;
  const body = '{"model":"gpt","messages":[{"role":"user","content":"What is an entrepot?"}]}';
  output.print(
    [
      `Gateway  ${running.url}`,
      `Key      ${key}`,
      `Try      curl ${running.url}/v1/chat/completions -H 'authorization: Bearer ${key}' -d '${body}'`,
      `Routes and the offers behind them${isReal ? '' : ' (all clouds are simulated)'}:`,
      describeRoutes(config),
      '',
    ].join('\n'),
  );
}

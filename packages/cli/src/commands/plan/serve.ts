import { asOf } from '@entrepot/catalog/as-of';
import type { Catalog } from '@entrepot/catalog/catalog';
import { hostTerms } from '@entrepot/planner/cost/host-offer';
import type { ModelEntry } from '@entrepot/planner/model-entry';
import { arrivalMeans } from '@entrepot/planner/serve/arrivals';
import { offersOf } from '@entrepot/planner/serve/break-even';
import type { WishedSpeculation } from '@entrepot/planner/serve/candidates';
import { servingPrecisions } from '@entrepot/planner/serve/quantization';
import {
  type FittedServing,
  readFittedServing,
  servingParametersFile,
} from '@entrepot/planner/serve/read-parameters';
import { readCatalogFile } from '../../catalog-files.ts';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import { checkOutputFiles, write, writeFolder } from '../../output-files.ts';
import { durationSeconds, ratePerSecond, wholeTokens } from '../../plan/amounts.ts';
import { capacityOf } from '../../plan/capacity-file.ts';
import { acceleratorIds, cloudsOf, listOf, optionalOf, ownPricesOf } from '../../plan/choices.ts';
import { modelNamed } from '../../plan/model-shapes.ts';
import { servingPlacementText } from '../../plan/serving/capacity-text.ts';
import { drawArrivals } from '../../plan/serving/draw-arrivals.ts';
import {
  emitServing,
  type ServingEngine,
  servingEngineNames,
} from '../../plan/serving/emit-serving.ts';
import { ownOfferFiles } from '../../plan/serving/own-offer-files.ts';
import { readArrivals } from '../../plan/serving/read-arrivals.ts';
import { servingJson } from '../../plan/serving/serving-json.ts';
import { servingPage } from '../../plan/serving/serving-page.ts';
import {
  type ReportWish,
  reportServing,
  type ServingReport,
} from '../../plan/serving/serving-report.ts';
import { servingText } from '../../plan/serving/serving-text.ts';
import type { TrafficPart } from '../../plan/serving/traffic-part.ts';
import { catalogOptions, dateOf, openCatalog, textOf } from '../catalog/arguments.ts';

export const serve: Command = {
  name: 'plan serve',
  summary: 'Plan the hosting of a model: chips, layout, cost, and break-even against APIs.',
  help: `Usage: entrepot plan serve --model M (--rate R --input N --output N | --traffic T) [options]

The fewest chips of each accelerator on which 95 of 100 requests keep the promise, by a simulation
of the queue; what they cost; from which rate on they are cheaper than each API offer of the model.
A model that one host does not hold is laid over 2 to 16 of them.

  --model M        a model of "entrepot model show", a config.json, or its folder
  --rate R         requests: 20/s, 600/min, 1000000/day
  --input N        tokens of a prompt, on average
  --output N       tokens of an answer, on average
  --traffic T      in place of these three: ledger, or a file of requests as what-if reads it
  --route NAME     only requests of the traffic that ask for it
  --ledger FILE    the ledger's file (entrepot.db)
  --ttft-p95 T     time to the first token (default 2s)
  --tpot-p95 T     time for each further token (default 100ms)
  --accelerator A  H100-SXM,Trainium2,... (default: every one that a cloud rents)
  --cloud C        aws,azure,google: only hosts of these
  --precision P    bf16, fp8, int8, fp4, int4 (default: fp8 where the chip's engine serves it)
  --speculation S  a draft: PROPOSED:ACCEPTANCE, and its model: 4:0.7:llama-3.2-1b
  --term T         on-demand, spot, committed (default on-demand)
  --price P        TYPE=USD an hour of a host, where you know it: trn2.48xlarge=35.8 (repeatable)
  --ready T        time from starting a host to its first request (default 5min)
  --as-offer FILE  the cheapest plan as a scenario for what-if; its deployment for serve beside it
  --capacity FILE  limits by cloud, region and day (docs/plan.md): replicas of any chip, anywhere
  --emit E         kubernetes (LeaderWorkerSet, vLLM), skypilot or slurm: the cheapest, in --out DIR
  --checkpoint C   what the engine loads (default: the repository that the shape is from)
  --as-of DATE     prices of that day (today when it is left out)
  --catalog DIR    another folder than the catalog that comes with entrepot
  --html FILE      one page with charts
  --json FILE      JSON, for programs; - prints it

Example: entrepot plan serve --model llama-3.3-70b --rate 20/s --input 1500 --output 300`,
  options: {
    model: { type: 'string' },
    rate: { type: 'string' },
    input: { type: 'string' },
    output: { type: 'string' },
    traffic: { type: 'string' },
    route: { type: 'string' },
    ledger: { type: 'string' },
    'ttft-p95': { type: 'string' },
    'tpot-p95': { type: 'string' },
    accelerator: { type: 'string' },
    cloud: { type: 'string' },
    precision: { type: 'string' },
    speculation: { type: 'string' },
    term: { type: 'string' },
    price: { type: 'string', multiple: true },
    ready: { type: 'string' },
    'as-offer': { type: 'string' },
    capacity: { type: 'string' },
    emit: { type: 'string' },
    out: { type: 'string' },
    checkpoint: { type: 'string' },
    'as-of': catalogOptions['as-of']!,
    catalog: catalogOptions.catalog!,
    html: { type: 'string' },
    json: { type: 'string' },
  },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  const name = textOf(input, 'model');
  if (name === null) throw new UsageError('needs --model, such as --model llama-3.3-70b');
  const entry = modelNamed(name);
  const catalog = openCatalog(input);
  const date = dateOf(input);
  const engine = optionalOf(input, 'emit', servingEngineNames);
  for (const option of engine === null ? ['out', 'checkpoint'] : []) {
    if (textOf(input, option) === null) continue;
    throw new UsageError(`--${option} goes with --emit ${servingEngineNames.join(', ')}`);
  }
  const term = optionalOf(input, 'term', hostTerms) ?? 'on-demand';
  const limits = capacityOf(input, catalog);
  checkOutputFiles(input, ['json', 'html', 'as-offer']);
  const { arrivals, parts, notes } = await trafficOf(input);
  const fitted = fittedServing();
  const market = asOf(catalog, date).offers;
  const named = offersOf(market, name);
  const offers = named.length > 0 ? named : offersOf(market, entry.id);
  const wish: ReportWish = {
    shape: entry.shape,
    arrivals,
    parts,
    slo: {
      ttftSeconds: durationSeconds(textOf(input, 'ttft-p95') ?? '2s', 'ttft-p95'),
      tpotSeconds: durationSeconds(textOf(input, 'tpot-p95') ?? '100ms', 'tpot-p95'),
    },
    precision: optionalOf(input, 'precision', servingPrecisions),
    engine: null,
    speculation: speculationOf(input),
    fitted,
    accelerators: acceleratorsOf(input, catalog),
    instances: catalog.instances,
    offers,
    term,
    clouds: cloudsOf(input),
    committedHosts: catalog.committedHosts,
    ownPrices: ownPricesOf(input, catalog.instances, term),
    asOf: date,
    readySeconds: durationSeconds(textOf(input, 'ready') ?? '5min', 'ready'),
  };
  const report = reportServing(wish);
  const page = textOf(input, 'html');
  if (page !== null) write('html', page, servingPage(entry.id, wish, report));
  const json = textOf(input, 'json');
  if (json !== null) {
    const text = JSON.stringify(servingJson(entry.id, wish, report), null, 2);
    if (json === '-') output.print(text);
    else write('json', json, `${text}\n`);
  }
  if (json !== '-') {
    const { inputTokens, outputTokens, requestsPerSecond } = arrivalMeans(arrivals);
    output.print(
      `${entry.id}: ${(requestsPerSecond * parts).toFixed(1)} requests/s of ${inputTokens.toFixed(0)} tokens ` +
        `in, ${outputTokens.toFixed(0)} out\n\n${servingText(report)}`,
    );
  }
  if (limits !== null && json !== '-') {
    output.print(`\n${servingPlacementText(report.hosted, limits, date)}`);
  }
  const offerFile = textOf(input, 'as-offer');
  if (offerFile !== null) {
    const cheapest = report.hosted.find(h => h.usdPerHour !== null);
    for (const { path, text } of ownOfferFiles(offerFile, cheapest, offers, fitted, date)) {
      write('as-offer', path, text);
      output.note(`wrote ${path}`);
    }
  }
  if (engine !== null) emit(engine, input, output, entry, wish, report);
  for (const note of notes) output.note(note);
  return report.hosted.length + report.unrented.length > 0 ? 0 : 1;
}

function emit(
  engine: ServingEngine,
  input: CommandInput,
  output: Output,
  entry: ModelEntry,
  wish: ReportWish,
  report: ServingReport,
): void {
  const cheapest = report.hosted.find(h => h.usdPerHour !== null) ?? report.hosted[0];
  const out = textOf(input, 'out') ?? '.';
  const checkpoint = textOf(input, 'checkpoint');
  writeFolder(out, emitServing(entry, cheapest, wish, checkpoint, engine), output);
}

function fittedServing(): FittedServing {
  return readFittedServing(readCatalogFile(servingParametersFile));
}

async function trafficOf(input: CommandInput): Promise<TrafficPart & { notes: string[] }> {
  const traffic = textOf(input, 'traffic');
  if (traffic !== null) {
    const read = await readArrivals(
      traffic,
      textOf(input, 'ledger') ?? 'entrepot.db',
      textOf(input, 'route'),
    );
    return { arrivals: read.arrivals, parts: 1, notes: [...read.assumed] };
  }
  const need = (option: string): string => {
    const text = textOf(input, option);
    if (text === null) throw new UsageError(`needs --${option}, or --traffic in place of it`);
    return text;
  };
  const drawn = {
    requestsPerSecond: ratePerSecond(need('rate'), 'rate'),
    inputTokens: wholeTokens(need('input'), 'input'),
    outputTokens: wholeTokens(need('output'), 'output'),
  };
  const note = 'Arrivals are independent and lengths log-normal: --traffic plans with your own.';
  return { ...drawArrivals(drawn, 1), notes: [note] };
}

function acceleratorsOf(input: CommandInput, catalog: Catalog): Catalog['accelerators'] {
  const names = listOf(input, 'accelerator');
  const rented = new Set(catalog.instances.map(i => i.acceleratorId));
  if (names === null) return catalog.accelerators.filter(a => rented.has(a.id));
  const ids = new Set(acceleratorIds(names, catalog.accelerators));
  return catalog.accelerators.filter(a => ids.has(a.id));
}

function speculationOf(input: CommandInput): WishedSpeculation | null {
  const text = textOf(input, 'speculation');
  if (text === null) return null;
  const match = /^([1-9]\d?):(0?\.\d+|0|1)(?::(.+))?$/.exec(text);
  if (match === null) {
    throw new UsageError(
      `--speculation must be proposed tokens and the chance that one is taken, such as 4:0.7: not "${text}"`,
    );
  }
  const draft = match[3] === undefined ? null : modelNamed(match[3]).shape;
  return { proposed: Number(match[1]), acceptance: Number(match[2]), draft };
}

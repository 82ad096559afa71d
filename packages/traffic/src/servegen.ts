// Traffic drawn from ServeGen's clients (alibaba/ServeGen, Apache-2.0): a folder with two files for
// each client, chunk-N-trace.csv (the rate and its burstiness by windows of 600 s) and
// chunk-N-dataset.json (how long prompts and answers are, by windows of hours). The same seed gives
// the same traffic.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exponential, gamma, type Random, weibull } from './distributions.ts';
import {
  featureBit,
  mostPerBatch,
  type RequestColumns,
  type TrafficHead,
} from './request-columns.ts';
import { seededRandom } from './seeded-random.ts';
import { TrafficError } from './traffic-error.ts';

interface Window {
  readonly startSeconds: number;
  readonly ratePerSecond: number;
  readonly pattern: string;
  readonly shape: number;
}

/** A share of all draws up to each length, ascending. */
interface Lengths {
  readonly values: readonly number[];
  readonly shares: readonly number[];
}

interface LengthWindow {
  readonly startSeconds: number;
  readonly input: Lengths;
  readonly output: Lengths;
}

interface Client {
  readonly name: string;
  readonly windows: readonly Window[];
  readonly lengths: readonly LengthWindow[];
}

const traceName = /^chunk-(\d+)-trace\.csv$/;

export interface DrawnTraffic {
  readonly head: TrafficHead;
  readonly batches: Iterable<RequestColumns>;
}

/** The requests of all clients of a folder. Throws TrafficError. */
export function drawServegen(folder: string, route: string, seed: number): DrawnTraffic {
  const names = readdirSync(folder).filter(name => traceName.test(name));
  if (names.length === 0) {
    throw new TrafficError(`${folder}: there is no chunk-N-trace.csv in it, as ServeGen has`);
  }
  const number = (name: string): number => Number(traceName.exec(name)![1]);
  const clients = names
    .toSorted((a, b) => number(a) - number(b))
    .map(name => readClient(folder, name));
  const head = {
    name: basename(folder),
    source: 'drawn from the clients of ServeGen (alibaba/ServeGen, Apache-2.0)',
    requests: null,
    routes: [route],
    keys: clients.map(client => client.name),
    blockTokens: null,
    startUnixMs: null,
    assumed: [
      `requests are drawn from the figures of ${clients.length} clients, with the seed ${seed}`,
      'the traffic does not say which requests stream: all are taken to',
    ],
  };
  return { head, batches: { [Symbol.iterator]: () => batches(clients, seed) } };
}

interface Drawn {
  readonly atMs: number;
  readonly client: number;
  readonly input: number;
  readonly output: number;
}

/** A window of all clients at a time, so that little is held. */
function* batches(clients: readonly Client[], seed: number): Generator<RequestColumns> {
  const randoms = clients.map((_, i) => seededRandom(seed * 7919 + i));
  // How much of its next interval each client has yet to wait, in units of the mean interval.
  const left = clients.map((client, i) => interval(client.windows[0]!, randoms[i]!));
  const most = Math.max(...clients.map(client => client.windows.length));
  for (let w = 0; w < most; w++) {
    const drawn: Drawn[] = [];
    for (const [i, client] of clients.entries()) {
      const window = client.windows[w];
      if (window === undefined) continue;
      const end = client.windows[w + 1]?.startSeconds ?? window.startSeconds + spanOf(client);
      let at = window.startSeconds;
      for (;;) {
        const mean = (end - at) * window.ratePerSecond;
        if (left[i]! > mean) {
          left[i]! -= mean;
          break;
        }
        at += left[i]! / window.ratePerSecond;
        const { input, output } = lengthsAt(client, at);
        const random = randoms[i]!;
        const lengths = { input: pick(input, random()), output: pick(output, random()) };
        drawn.push({ atMs: at * 1000, client: i, ...lengths });
        left[i] = interval(window, random);
      }
    }
    drawn.sort((a, b) => a.atMs - b.atMs || a.client - b.client);
    for (let from = 0; from < drawn.length; from += mostPerBatch) {
      yield columnsOf(drawn.slice(from, from + mostPerBatch));
    }
  }
}

/** Of mean 1. */
function interval(window: Window, random: Random): number {
  if (window.pattern === 'Gamma') return gamma(window.shape, random);
  if (window.pattern === 'Weibull') return weibull(window.shape, random);
  return exponential(random);
}

function spanOf({ windows }: Client): number {
  return windows.length > 1 ? windows[1]!.startSeconds - windows[0]!.startSeconds : 600;
}

function lengthsAt(client: Client, seconds: number): LengthWindow {
  return client.lengths.findLast(window => window.startSeconds <= seconds) ?? client.lengths[0]!;
}

function pick({ values, shares }: Lengths, share: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shares[middle]! <= share) low = middle + 1;
    else high = middle;
  }
  return values[low]!;
}

function columnsOf(drawn: readonly Drawn[]): RequestColumns {
  const { length } = drawn;
  return {
    count: length,
    atMs: Float64Array.from(drawn, d => d.atMs),
    route: new Uint16Array(length),
    key: Uint16Array.from(drawn, d => d.client),
    inputTokens: Uint32Array.from(drawn, d => d.input),
    outputTokens: Uint32Array.from(drawn, d => d.output),
    maxOutputTokens: new Uint32Array(length),
    flags: new Uint16Array(length).fill(featureBit('streaming')),
    prefix: null,
  };
}

function readClient(folder: string, traceFile: string): Client {
  const trace = join(folder, traceFile);
  const lines = readFileSync(trace, 'utf8').trimEnd().split(/\r?\n/);
  const windows = lines.map((line, i) => readWindow(line, `${trace}: row ${i + 1}`));
  const name = traceFile.replace('-trace.csv', '');
  const file = join(folder, `${name}-dataset.json`);
  const lengths = readLengths(file);
  if (lengths.length === 0 && windows.some(window => window.ratePerSecond > 0)) {
    throw new TrafficError(`${file}: there are no lengths in it, though the client has requests`);
  }
  return { name, windows, lengths };
}

const columns = ['start of the window', 'rate', 'variation', 'pattern', 'shape', 'scale'] as const;

function readWindow(line: string, place: string): Window {
  const cells = line.split(',');
  const number = (i: number): number => {
    const value = Number(cells[i]);
    if (cells[i] !== undefined && cells[i] !== '' && value >= 0) return value;
    const found = JSON.stringify(cells[i] ?? '');
    throw new TrafficError(`${place}, column ${columns[i]} is ${found}; expected a number >= 0`);
  };
  const pattern = cells[3] ?? '';
  if (!['', 'Gamma', 'Weibull', 'Poisson', 'Exponential'].includes(pattern)) {
    throw new TrafficError(`${place}, column pattern is ${pattern}; expected Gamma or Weibull`);
  }
  return { startSeconds: number(0), ratePerSecond: number(1), pattern, shape: number(4) };
}

/** Its distributions are texts in Python's form: `{45: 0.0097, 46: 0.0117}`. */
function readLengths(file: string): LengthWindow[] {
  let windows: Record<string, Record<string, string>>;
  try {
    windows = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new TrafficError(`${file}: cannot be read: ${(cause as Error).message}`, { cause });
  }
  return (
    Object.entries(windows)
      .map(([start, fields]) => ({
        startSeconds: Number(start),
        input: readDistribution(fields.input_tokens, `${file}: window ${start}, input_tokens`),
        output: readDistribution(fields.output_tokens, `${file}: window ${start}, output_tokens`),
      }))
      // A window in which the client sent nothing has no lengths.
      .filter(({ input, output }) => input.values.length > 0 && output.values.length > 0)
      .sort((a, b) => a.startSeconds - b.startSeconds)
  );
}

function readDistribution(text: string | undefined, place: string): Lengths {
  if (typeof text !== 'string') throw new TrafficError(`${place} is missing`);
  const pairs = [...text.matchAll(/(\d+): ([\d.e-]+)/g)]
    .map(([, value, share]) => [Number(value), Number(share)] as const)
    .sort((a, b) => a[0] - b[0]);
  const total = pairs.reduce((sum, [, share]) => sum + share, 0);
  let sum = 0;
  const shares = pairs.map(([, share]) => {
    sum += share / total;
    return sum;
  });
  return { values: pairs.map(([value]) => value), shares };
}

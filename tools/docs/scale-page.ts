// The page docs/scale.md from the figures in bench/results/scale.json: no figure of our own is
// written by hand, so that none can differ from what was measured.

import type { DimensionResult, ScaleResult } from '../../bench/scale/result.ts';
import { count, dimensionTable, written } from '../../bench/scale/tables.ts';
import { millionSection } from './scale-million.ts';

export function scalePage(result: ScaleResult): string {
  const { cpu, cores, memoryBytes, node } = result.machine;
  const memory = written(memoryBytes, 'GB');
  const parts = [
    `# Scale`,
    `How cost grows with what one gateway is given, where the next wall is, and what a million requests a
second would take. All figures of our own come from one machine with ${cores} processors (${cpu},
${memory} GB, Node ${node}), the gateway on one of them, the load and the mock upstream on the
other: growth counts, absolute times are of that machine. Each table says from which commit and
day it is. The page is written from \`bench/results/scale.json\` by \`tools/docs/write-scale.ts\`;
\`npm run bench:scale -- --json FILE\` measures anew (\`bench/README.md\`).`,
    ...result.dimensions.map(section),
    wallsSection(result),
    millionSection(result),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(dimension: DimensionResult): string {
  const { name, how, commit, date, quiet } = dimension;
  const title = `## ${name[0]!.toUpperCase()}${name.slice(1)}`;
  const from = `Measured on ${date} at commit ${commit}: ${how}. In brackets: to the first row.`;
  const busy = quiet
    ? ''
    : `\n\n**Other work ran on the machine meanwhile: the figures are too high.**`;
  return `${title}\n\n${from}${busy}\n\n${dimensionTable(dimension)}`;
}

/** Growth between the first row and the last, in words that hold whatever it is. */
function grown(result: ScaleResult, name: string, key: string): string {
  const dimension = result.dimensions.find(d => d.name === name)!;
  const [first, last] = [dimension.rows[0]!, dimension.rows.at(-1)!];
  const unit = dimension.columns.find(c => c.key === key)!.unit;
  const show = (row: typeof first): string => {
    const value = row.figures[key];
    return typeof value === 'number' ? written(value, unit) : '-';
  };
  return `${show(first)} at ${count(first.value)}, ${show(last)} at ${count(last.value)}`;
}

function wallsSection(result: ScaleResult): string {
  const of = (name: string, key: string): string => grown(result, name, key);
  return `## Where the next wall is

| what grows | what it costs | the wall, and what to do |
|---|---|---|
| keys | a request finds its key by hash: CPU us ${of('keys', 'cpuUs')}. Start: ms ${of('keys', 'startMs')}; idle MB ${of('keys', 'idleRssBytes')}, which is YAML with its places and a warning for each key that stands in the file | the configuration file may have 4 MiB: about 90,000 keys of the shortest form. Beyond it keys belong in a store, which is not built |
| deployments of a route | each is weighed for each request, and priced for the reservation: CPU us ${of('deployments', 'cpuUs')} by \`cost\`, ${of('deployments', 'latencyCpuUs')} by \`latency\` | linear, but for the order, which is made by insertion: quicker than the built-in sort below 200, as quick there, and quadratic beyond. Split such a route by what is ruled out anyway, such as residency |
| open streams | CPU us per event ${of('streams', 'cpuUs')}; KB held per stream ${of('streams', 'bytesPerStream')}; open files ${of('streams', 'peakFiles')}: two a stream, its caller's and its upstream's | files first: set the hard limit (\`ulimit -Hn\`; \`LimitNOFILE=\` of systemd, \`--ulimit nofile=\` of Docker) to 2.5 times the streams of a process and 1,000 more; Node raises the soft one by itself. Then 8,192 connections per upstream origin and process. Then the processor, by events a second. All open calls are looked at every 20 ms, which is a fixed cost of each |
| size of a request | CPU us per KB ${of('body', 'cpuUsPerKb')}: linear, the bytes are scanned once | a large body holds up the other requests of its process while it is scanned; the limit is \`limits.bodyBytes\`, 32 MiB by default. More processes share it out |
| rows of the ledger | us per request, durable: ${of('ledger', 'durableUs')}; longest transaction ms ${of('ledger', 'longestMs')}. Ids come in order, so that the indexes grow at their ends | disk: ${of('ledger', 'bytesPerRequest').split(', ').at(-1)} bytes a request, and nothing is deleted by itself. One file has one writer |
| sums of the ledger | s for a day ${sumOf(result, 'sumDayS')}, for 30 days ${sumOf(result, 'sumMonthS')}, for all ${sumOf(result, 'sumAllS')}: the time index finds the range, then each row of it is read and sorted by group | linear in the rows of the range, about half of it sorting. While a sum reads, the log of the file cannot be written back and grows. Sums that are kept per hour would end both; they are not built |`;
}

/** A ledger without rows has no sum. */
function sumOf(result: ScaleResult, key: string): string {
  const rows = result.dimensions.find(d => d.name === 'ledger')!.rows.slice(1);
  const seconds = (n: number): string => written(rows.at(n)!.figures[key] ?? Number.NaN, 's');
  const last = `${seconds(-1)} at ${count(rows.at(-1)!.value)}`;
  return rows.length === 1 ? last : `${seconds(0)} at ${count(rows[0]!.value)}, ${last}`;
}

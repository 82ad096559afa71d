// The metrics in Prometheus' text form. Loaded at the first scrape: many gateways are never asked.

import { Counter, Gauge, Registry } from 'prom-client';
import type { Durations } from './durations.ts';
import type { Exposed, Reading } from './metrics.ts';
import type { Tally } from './tally.ts';

export const expositionType: string = Registry.PROMETHEUS_CONTENT_TYPE;

export async function exposition(metrics: Exposed): Promise<string> {
  const registry = new Registry();
  for (const tally of metrics.tallies) exposeTally(registry, tally);
  for (const reading of metrics.readings) exposeReading(registry, reading);
  return [await registry.metrics(), ...metrics.durations.map(durationsText)].join('\n');
}

function exposeTally(registry: Registry, tally: Tally): void {
  const { name, help, labelNames } = tally;
  const counter = new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });
  for (const [labels, count] of tally.counts()) counter.labels(...labels).inc(count);
}

function exposeReading(registry: Registry, { name, help, read }: Reading): void {
  new Gauge({ name, help, registers: [registry] }).set(read());
}

/** By hand: prom-client's histograms count one at a time, and these are counted already. */
function durationsText({ name, help, boundsSeconds, counts, sumSeconds }: Durations): string {
  let below = 0;
  const buckets = [...boundsSeconds, '+Inf'].map((le, at) => {
    below += counts[at]!;
    return `${name}_bucket{le="${le}"} ${below}`;
  });
  const head = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  return [...head, ...buckets, `${name}_sum ${sumSeconds}`, `${name}_count ${below}`, ''].join(
    '\n',
  );
}

// The last part of docs/scale.md: what a million requests a second would take, by the figures that
// were measured and by public ones of others.

import type { Row, ScaleResult } from '../../bench/scale/result.ts';
import { count, written } from '../../bench/scale/tables.ts';

const million = 1_000_000;
/** Processors are filled to half, so that one of two sites can be lost. */
const filled = 0.5;
const eventsPerAnswer = 100;
const answerSeconds = 5;
/** Above this a rate counts as more than one core can take. */
const boundMs = 50;

export function millionSection(result: ScaleResult): string {
  const best = fastest(rowsOf(result, 'rate'));
  const cpuUs = best.figures.cpuUs!;
  const stream = rowsOf(result, 'streams').at(-1)!.figures;
  const ledger = rowsOf(result, 'ledger').at(-1)!.figures;
  const cores = (us: number, perSecond: number): number => (us * perSecond) / 1e6 / filled;
  const open = million * answerSeconds;
  const writers = (ledger.durableUs! * million) / 1e6;
  const bytes = ledger.bytesPerRequest! * million;
  const workers = Math.ceil(cores(cpuUs, million));
  return `## The road to a million requests a second

This is arithmetic, not a measurement. Built today: one gateway, on one machine, by several
processes (\`entrepot serve --workers\`), with one ledger file. **Not built: tenants, budgets and
shared limits, a store for keys, PostgreSQL or ClickHouse for the ledger, Valkey for what replicas
share.** Several machines work today only as gateways that know nothing of each other, each with
its own ledger.

### What the gateways need

| | arithmetic | result |
|---|---|---|
| a core, answers that are not streamed | ${written(cpuUs, 'us')} us a request in durable mode at ${count(best.value)} a second, the most measured here with an added p99 under ${boundMs} ms | ${count((1e6 / cpuUs) * filled)} requests a second at half load |
| cores | a million x ${written(cpuUs, 'us')} us / ${filled} | ${count(workers)} |
| machines of 32 cores | ${count(workers)} / 32 | ${count(workers / 32)} |
| cores, if all answers are streams of ${eventsPerAnswer} events | a million x ${eventsPerAnswer} x ${written(stream.cpuUs!, 'us')} us / ${filled} | ${count(cores(stream.cpuUs!, million * eventsPerAnswer))} |
| memory of ${count(open)} open streams of ${answerSeconds} s | x ${written(stream.bytesPerStream!, 'KB')} KB | ${count((open * stream.bytesPerStream!) / 2 ** 30)} GB |

So events are the wall, not requests. Reads, writes and wake-ups are most of an event's cost;
gathering events of one stream for some ms before they are written would trade latency for it, and
is not done.

Replicas share nothing while they serve: any load balancer will do that holds a connection for as
long as a stream lasts. What must be shared is below.

### What the ledger needs

A request is two rows, an entry and its attempt: ${count(2 * million)} rows and
${count(bytes / 1e6)} MB a second in SQLite's form, ${count((bytes * 86_400) / 1e12)} TB a day. A
SQLite file takes ${count(1e6 / ledger.durableUs!)} requests a second of one writer on this
machine (${written(ledger.durableUs!, 'us')} us each, durable), so that the writing alone is
${count(Math.ceil(writers))} writers full time: a ledger beside each replica is enough for taking,
and no place for sums.

| | public figure | for ${count(2 * million)} rows a second |
|---|---|---|
| PostgreSQL, \`COPY\` | 92,000 rows a second, a tuned benchmark of rows of an id, a time and some JSON ([Hatchet](https://hatchet.run/blog/fastest-postgres-inserts), 2025-05-15; the figure as [summed up](https://webtagr.com/links/112169) on 2025-05-16) | ${count(Math.ceil((2 * million) / 92_000))} primaries, before indexes and replicas |
| ClickHouse | about 90 million rows a second over some 20 clusters, the two largest of more than 100 and about 50 nodes ([Cloudflare, as republished](http://networkingnexus.net/author/oxana-kharitonova/); seen 2026-11-24) | 2 % of that |
| ClickHouse, how to insert | 10,000 to 100,000 rows at a time, about one insert a second ([its documentation](https://clickhouse-docs-1ch9tev5t-clickhouse.vercel.app/docs/en/optimize/bulk-inserts); seen 2026-11-24) | each replica gathers a second of its own rows |

Hence two stores. The durable reservation stays with the replica, in its own file, as today.
History goes from there in batches: to PostgreSQL, partitioned by day so that old days are dropped
and not deleted, up to some tens of thousands of requests a second; to ClickHouse beyond. Keys,
budgets and prices stay in PostgreSQL at any size: they change seldom. Other machines and other
rows than ours were behind these figures: they tell the order of magnitude only.

### What shared limits need

| | arithmetic | operations a second |
|---|---|---|
| asked for each request | one to take, one to give back | ${count(2 * million)} |
| leased: each process takes a slice of each key's limit, once a second, and spends it alone | ${count(workers)} processes x 1,000 keys that are busy at each | ${count(workers * 1_000)} |

Valkey 9.0 was taken to a billion \`SET\` a second by 2,000 nodes, a primary and a replica to each
shard, each of 8 cores ([valkey.io](https://valkey.io/blog/1-billion-rps), 2025-10-20): about a
million for each primary. A script that leases costs more than a \`SET\`; at five times as much,
which is a guess, the first row is ${count(Math.ceil((2 * million * 5) / 1e6))} primaries and the
second ${count(Math.ceil((workers * 1_000 * 5) / 1e6))}. Leases also keep the network out of a
request's way. Near its end a limit is leased in slices of one request, so that it is never
crossed; then that key's requests pay the way to Valkey.`;
}

function rowsOf(result: ScaleResult, name: string): readonly Row[] {
  const dimension = result.dimensions.find(d => d.name === name);
  if (dimension === undefined) throw new Error(`${name} was not measured`);
  return dimension.rows;
}

/** The highest rate that was kept; the lowest of all where none was. */
function fastest(rows: readonly Row[]): Row {
  const kept = rows.filter(
    ({ figures }) => figures.failures === 0 && figures.addedP99Ms! < boundMs,
  );
  return kept.at(-1) ?? rows[0]!;
}

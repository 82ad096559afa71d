// The load of the benchmarks, as a process of its own. With a `rate` it is open-loop: requests
// leave at fixed times whether or not answers have come, and latency counts from the time they were
// due. Without one each connection sends its next request when it has its answer. Prints JSON.
//
//   node bench/load.ts '{"url":"http://127.0.0.1:8080/...","body":"...","connections":32,...}'

import { Pool } from 'undici';

export interface LoadInput {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** Requests per second, evenly spaced; null takes as many as the connections can. */
  readonly rate: number | null;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function load(input: LoadInput): Promise<LoadResult> {
  const { origin, pathname } = new URL(input.url);
  const pool = new Pool(origin, { connections: input.connections, pipelining: 1 });
  const latencies: number[] = [];
  let failures = 0;
  const send = async (dueMs: number): Promise<void> => {
    if (!(await succeeds(pool, pathname, input))) failures++;
    latencies.push(performance.now() - dueMs);
  };
  const began = performance.now();
  await (input.rate === null ? closedLoop(input, send) : openLoop(input, input.rate, send));
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return { requests: latencies.length, failures, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

type Send = (dueMs: number) => Promise<void>;

async function closedLoop({ connections, seconds }: LoadInput, send: Send): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const loop = async (): Promise<void> => {
    while (performance.now() < until) await send(performance.now());
  };
  await Promise.all(Array.from({ length: connections }, loop));
}

async function openLoop({ seconds }: LoadInput, rate: number, send: Send): Promise<void> {
  const total = Math.round(rate * seconds);
  const began = performance.now();
  const sent: Promise<void>[] = [];
  while (sent.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate) + 1);
    while (sent.length < due) sent.push(send(began + (sent.length / rate) * 1000));
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  await Promise.all(sent);
}

/** One request; true when its whole answer came with status 200. */
function succeeds(pool: Pool, path: string, { headers, body }: LoadInput): Promise<boolean> {
  return new Promise(resolve => {
    let status = 0;
    pool.dispatch(
      { path, method: 'POST', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData() {},
        onResponseEnd() {
          resolve(status === 200);
        },
        onResponseError() {
          resolve(false);
        },
      },
    );
  });
}

process.stdout.write(JSON.stringify(await load(JSON.parse(process.argv[2]!) as LoadInput)));

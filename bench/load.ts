// The load of the benchmarks, as a process of its own: a fixed number of connections, each sending
// its next request when the answer to the last is whole. Prints counts and latencies as JSON.
//
//   node bench/load.ts '{"url":"http://127.0.0.1:8080/...","body":"...","connections":32,...}'

import { Pool } from 'undici';

export interface LoadInput {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
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
  const until = performance.now() + input.seconds * 1000;
  const one = (): Promise<boolean> =>
    new Promise(resolve => {
      let status = 0;
      pool.dispatch(
        { path: pathname, method: 'POST', headers: input.headers, body: input.body },
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
  const loop = async (): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      if (!(await one())) failures++;
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: input.connections }, loop));
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return { requests: latencies.length, failures, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.stdout.write(JSON.stringify(await load(JSON.parse(process.argv[2]!) as LoadInput)));

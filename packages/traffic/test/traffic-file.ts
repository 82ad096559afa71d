// Small files of traffic for tests, and all that is read from one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ReadOptions, readTraffic } from '../src/read-traffic.ts';
import { featuresOf, type TrafficHead } from '../src/request-columns.ts';

export interface ReadRequest {
  readonly atMs: number;
  readonly route: string;
  readonly key: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly features: readonly string[];
  readonly hashes: readonly number[] | null;
}

/** Writes a file that is gone after the test; one that ends in .gz is compressed. */
export function trafficFile(t: TestContext, name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-traffic-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

const usual: ReadOptions = {
  format: null,
  routes: { otherwise: 'gpt', routes: new Map() },
  seed: 1,
};

/** Reads a file whole. */
export async function readAll(
  file: string,
  options: Partial<ReadOptions> = {},
): Promise<{ head: TrafficHead; requests: ReadRequest[] }> {
  const traffic = await readTraffic(file, { ...usual, ...options });
  const { head } = traffic;
  const requests: ReadRequest[] = [];
  for await (const batch of traffic.batches) {
    for (let i = 0; i < batch.count; i++) {
      const { prefix } = batch;
      requests.push({
        atMs: batch.atMs[i]!,
        route: head.routes[batch.route[i]!]!,
        key: head.keys[batch.key[i]!]!,
        inputTokens: batch.inputTokens[i]!,
        outputTokens: batch.outputTokens[i]!,
        features: featuresOf(batch.flags[i]!),
        hashes:
          prefix === null
            ? null
            : [...prefix.hashes.subarray(prefix.starts[i]!, prefix.starts[i + 1]!)],
      });
    }
  }
  traffic.close();
  return { head, requests };
}

/** Only what most tests compare. */
export function brief(requests: readonly ReadRequest[]): unknown[] {
  return requests.map(r => [Math.round(r.atMs), r.route, r.key, r.inputTokens, r.outputTokens]);
}

// What a ledger shows of a stretch of time, in the figures that a report predicts: counted as
// replay counts them.

import { hhi } from '@entrepot/engine/concentration';
import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import { quantileOf, SketchBuilder } from '@entrepot/replay/result/sketch';

export interface Observed {
  /** Without those whose callers went away: nobody knows what they would have seen. */
  readonly requests: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly costUsd: number;
  /** Answers whose cost is not known, and not in it. */
  readonly unpriced: number;
  readonly usdByCloud: ReadonlyMap<string, number>;
  readonly answered: number;
  readonly failovers: number;
  readonly hhi: number | null;
  readonly ttftMs: ObservedQuantiles;
  readonly totalMs: ObservedQuantiles;
}

/** Of whole answers; null where there is none. */
export interface ObservedQuantiles {
  readonly p50: number | null;
  readonly p95: number | null;
}

/** null when nothing was asked for between `sinceMs` and `untilMs`. */
export async function observe(
  records: AsyncIterable<LedgerRecord>,
  untilMs: number,
): Promise<Observed | null> {
  const sums = new Sums();
  for await (const record of records) {
    if (record.startedAtMs >= untilMs) break;
    if (record.outcome !== 'client_closed') sums.add(record);
  }
  return sums.observed;
}

class Sums {
  readonly #ttft = new SketchBuilder();
  readonly #total = new SketchBuilder();
  readonly #nanoUsdByCloud = new Map<string, bigint>();
  #requests = 0;
  #firstMs = 0;
  #lastMs = 0;
  #nanoUsd = 0n;
  #unpriced = 0;
  #answered = 0;
  #failovers = 0;

  add(record: LedgerRecord): void {
    if (this.#requests === 0) this.#firstMs = record.startedAtMs;
    this.#lastMs = record.startedAtMs;
    this.#requests += 1;
    const { attempts, chargeNanoUsd, cloud, ttftMs, totalMs } = record;
    const changes = attempts.filter(
      (one, i) => i > 0 && one.deployment !== attempts[i - 1]!.deployment,
    );
    if (changes.length > 0) this.#failovers += 1;
    if (chargeNanoUsd !== null) {
      const name = cloud ?? '';
      const charge = BigInt(chargeNanoUsd);
      this.#nanoUsd += charge;
      this.#nanoUsdByCloud.set(name, (this.#nanoUsdByCloud.get(name) ?? 0n) + charge);
    } else if (attempts.length > 0) this.#unpriced += 1;
    if (record.outcome !== 'ok') return;
    this.#answered += 1;
    if (ttftMs !== null) this.#ttft.add(ttftMs);
    if (totalMs !== null) this.#total.add(totalMs);
  }

  get observed(): Observed | null {
    if (this.#requests === 0) return null;
    const of = ({ sketch }: SketchBuilder): ObservedQuantiles => ({
      p50: quantileOf(sketch, 0.5),
      p95: quantileOf(sketch, 0.95),
    });
    const usdOf = (nanoUsd: bigint): number => Number(nanoUsd) / 1e9;
    const usdByCloud = new Map(
      [...this.#nanoUsdByCloud].map(([cloud, nanoUsd]) => [cloud, usdOf(nanoUsd)]),
    );
    return {
      requests: this.#requests,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      costUsd: usdOf(this.#nanoUsd),
      unpriced: this.#unpriced,
      usdByCloud,
      answered: this.#answered,
      failovers: this.#failovers,
      hhi: hhi(Object.fromEntries(usdByCloud)),
      ttftMs: of(this.#ttft),
      totalMs: of(this.#total),
    };
  }
}

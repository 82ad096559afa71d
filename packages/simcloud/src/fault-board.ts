// The faults that are in force at one cloud, and how often each kind has struck.

import type { Fault, FaultKind } from './fault.ts';
import type { Random } from './random.ts';

interface Standing {
  readonly fault: Fault;
  hitsLeft: number;
}

export class FaultBoard {
  readonly hits: Partial<Record<FaultKind, number>> = {};
  #standing: Standing[] = [];

  set(faults: readonly Fault[]): void {
    this.#standing = faults.map(fault => ({ fault, hitsLeft: fault.count ?? Infinity }));
  }

  get refuses(): boolean {
    return this.#standing.some(s => s.fault.kind === 'refuse');
  }

  /** The first fault that strikes this request; uses up a hit of it. */
  strike(model: string | null, random: Random): Fault | null {
    return this.#strike(model, random, () => true);
  }

  /** The cut that strikes a stream that flows already. */
  strikeFlowing(model: string, random: Random): Fault | null {
    return this.#strike(model, random, fault => fault.kind === 'cut');
  }

  #strike(model: string | null, random: Random, eligible: (f: Fault) => boolean): Fault | null {
    for (const standing of this.#standing) {
      const { fault } = standing;
      if (fault.kind === 'refuse' || standing.hitsLeft === 0 || !eligible(fault)) continue;
      if (fault.model !== undefined && fault.model !== model) continue;
      if (fault.share !== undefined && random() >= fault.share) continue;
      standing.hitsLeft--;
      this.hits[fault.kind] = (this.hits[fault.kind] ?? 0) + 1;
      return fault;
    }
    return null;
  }
}

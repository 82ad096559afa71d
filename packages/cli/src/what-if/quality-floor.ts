// The least quality that is asked for, by the option and by the policy of a case.

import { loadQuality } from '@entrepot/catalog/load-quality';
import type { PolicyEdits } from '@entrepot/catalog/policy-edit';
import type { Quality } from '@entrepot/catalog/quality';
import type { Route } from '@entrepot/engine/deployment';
import { withMinQuality } from '@entrepot/engine/min-quality';
import { UsageError } from '../command.ts';
import { saying } from '../scenario/scenario-files.ts';
import { textOf } from './open-traffic.ts';

/** Throws UsageError with what is wrong with the file. */
export function openQuality(file: string | null): Quality | null {
  if (file === null) return null;
  return saying(() => loadQuality({ path: file, text: textOf('quality', file) }));
}

export class QualityFloor {
  readonly #quality: Quality | null;
  readonly #always: number | null;
  readonly #ruledOut = new Set<string>();

  /** `always` holds for every route of every case. */
  constructor(quality: Quality | null, always: number | null) {
    this.#quality = quality;
    this.#always = always;
  }

  /** What was ruled out so far, a sentence each. */
  get ruledOut(): readonly string[] {
    return [...this.#ruledOut];
  }

  /** The route without what is not known to be good enough. Throws UsageError without scores. */
  sift(route: Route, edits: PolicyEdits): Route {
    const own = edits.routes.get(route.name)?.constraints.minQuality;
    const wished = own === undefined ? (edits.all?.constraints.minQuality ?? null) : own;
    const floors = [wished, this.#always].filter(floor => floor !== null);
    if (floors.length === 0) return route;
    if (this.#quality === null) {
      throw new UsageError('a least quality is asked for: --quality must name the file of scores');
    }
    const sifted = withMinQuality(route, this.#quality, Math.max(...floors));
    for (const { deployment, reason } of sifted.ruledOut) {
      this.#ruledOut.add(`${deployment.id} is not used for ${route.name}: ${reason}`);
    }
    return sifted.route;
  }
}

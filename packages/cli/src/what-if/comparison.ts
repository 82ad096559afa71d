// Everything that a comparison needs, made of what the user asked for: in the command to report,
// and in each of its threads to replay.

import type { Case } from '@entrepot/replay/what-if/case';
import type { Traffic, TrafficHead } from '@entrepot/traffic/request-columns';
import { CaseMaker } from './cases.ts';
import { openTraffic } from './open-traffic.ts';
import type { WhatIfSpec } from './what-if-spec.ts';

/** What a report is made of besides results. */
export interface Compared {
  readonly traffic: TrafficHead;
  readonly base: Case;
  readonly scenarios: readonly Case[];
}

export interface OpenComparison extends Compared {
  readonly batches: Traffic['batches'];
  close(): void;
}

/** `file` is where the traffic is. Throws UsageError. */
export async function openComparison(spec: WhatIfSpec, file: string): Promise<OpenComparison> {
  const maker = new CaseMaker(spec);
  const traffic = await openTraffic(spec, file, maker.otherwise);
  try {
    const { base, scenarios, assumed } = maker.cases(traffic.head.routes);
    return {
      traffic: { ...traffic.head, assumed: [...traffic.head.assumed, ...assumed] },
      base,
      scenarios,
      batches: traffic.batches,
      close: () => traffic.close(),
    };
  } catch (cause) {
    traffic.close();
    throw cause;
  }
}

// Peers that no package registry serves in a form that can be started.

import type { Side } from '../side.ts';

function absent(name: string, why: string): Side {
  return {
    name,
    find: () => ({ absent: why }),
    start: () => Promise.reject(new Error(`${name} is absent: ${why}`)),
  };
}

/** As of 2026-11-24. */
export const absentPeers: readonly Side[] = [
  absent('Bifrost', 'the Go module proxy refuses its module; its npm package fetches a binary'),
  absent('TensorZero', 'its packages are clients; the gateway is released as a container alone'),
  absent('Envoy AI Gateway', 'needs the Envoy binary, which no package registry has'),
];

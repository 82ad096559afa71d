// Random numbers that depend on the request alone: which of several goes on first at the same
// moment is then no matter of chance.

import type { Random } from '@entrepot/engine/engine';
import { seeded } from '../../../engine/test/fleet.ts';

export function randomOf(seed: number): (request: number) => Random {
  const known = new Map<number, Random>();
  return request => {
    const random = known.get(request) ?? seeded(seed + 1_000 * request);
    known.set(request, random);
    return random;
  };
}

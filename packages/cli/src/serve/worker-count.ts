import { availableParallelism } from 'node:os';
import { UsageError } from '../command.ts';

/** How many processes serve. `option` goes before what the configuration says. */
export function workerCount(option: string | undefined, configured: number | 'auto'): number {
  const asked = option ?? configured;
  if (asked === 'auto') return availableParallelism();
  const count = Number(asked);
  if (/^\d+$/.test(String(asked)) && count >= 1 && count <= 256) return count;
  throw new UsageError(`--workers takes a number from 1 to 256 or auto, not ${asked}`);
}

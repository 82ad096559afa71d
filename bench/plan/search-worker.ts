// A thread that searches the layouts on the kinds of chip that it is told, one after the other.

import { parentPort } from 'node:worker_threads';
import { searchOn } from './work.ts';

export interface Searched {
  readonly id: string;
  readonly layouts: number;
  readonly seconds: number;
  /** Of the fastest layout; null where none fits. */
  readonly bestStepSeconds: number | null;
}

parentPort?.on('message', (id: string) => parentPort?.postMessage(searchOn(id)));

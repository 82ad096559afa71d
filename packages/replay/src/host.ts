import type { Deadlines } from '@entrepot/engine/choice';
import type { Ms } from '@entrepot/engine/engine';
import type { Flight } from './flight.ts';

/** Whoever answers attempts on one deployment. */
export interface Host {
  /** Of the deployment. */
  readonly id: string;
  /** An attempt begins: fills in how `flight.attempt` goes. */
  begin(flight: Flight, deadlines: Deadlines, now: Ms): void;
  /** It is over, at its end or because it was given up before. */
  end(flight: Flight, now: Ms): void;
}

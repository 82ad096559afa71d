// One request under way: what it asks for, what became of it so far, and how its present attempt
// will end. Flights are used again for later requests, since millions pass through a replay.

import type { Offer } from '@entrepot/catalog/offer';
import type { Choice } from '@entrepot/engine/choice';
import type { Ms } from '@entrepot/engine/engine';
import type { Usage } from '@entrepot/engine/intent';
import type { Attempted, FailureKind } from '@entrepot/engine/outcome';
import type { RequestColumns } from '@entrepot/traffic/request-columns';

/** What is due: to arrive, to ask the engine again, or the end of the attempt. */
export type Due = 'arrival' | 'step' | 'end';

export class Flight {
  /** Its place in the traffic: names its random numbers. */
  number = 0;
  /** Which one it is of a request that the traffic has once and the world several times. */
  copy = 0;
  columns: RequestColumns | null = null;
  index = 0;
  arrivedMs: Ms = 0;
  route = 0;
  key = 0;
  inputTokens = 0;
  outputTokens = 0;
  stream = false;
  choice: Choice | null = null;
  /** The best candidate of another cloud than that of the first; null for none. */
  nextCloud: Offer | null = null;
  tried: Attempted[] = [];
  /** How often the engine was asked what to do next. */
  steps = 0;
  due: Due = 'arrival';
  /** The agenda's number of what is due: an entry of another number is out of date. */
  entry = 0;
  readonly attempt: Attempt = new Attempt();
}

/** How an attempt goes, known as soon as it begins. */
export class Attempt implements Usage {
  /** Index of the deployment. */
  host = 0;
  startedMs: Ms = 0;
  /** When content comes; infinite when none does. */
  contentAtMs: Ms = 0;
  /** When whoever called knows that it is over. */
  endsAtMs: Ms = 0;
  /** From its start to its last byte, as the engine is told. */
  totalMs = 0;
  failure: FailureKind | null = null;
  retryAfterMs: number | null = null;
  /** It may be given up once the circuit opens. */
  mayLeave = false;
  /** Was let in, and takes up room until its end. */
  isServed = false;
  /** Its place among the servers is taken until then. */
  placeUntilMs: Ms = 0;
  /** Paid in advance: costs nothing more. */
  isCovered = false;
  /** The usage of its answer. */
  inputTokens = 0;
  outputTokens = 0;
  cachedReadTokens = 0;
  cacheWrite5mTokens = 0;
  readonly cacheWrite1hTokens = 0;
}

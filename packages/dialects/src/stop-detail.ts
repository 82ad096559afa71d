// Why an answer stopped, as far as the caller's dialect has no word for it. What is left out is
// told: an answer that broke off must not look like a whole one.

import type { Stop } from './canonical.ts';
import type { Losses } from './losses.ts';

export interface StopWords {
  /** The sequence that was met can be named. */
  readonly sequence: boolean;
  /** There is a word for a turn that the vendor paused. */
  readonly pause: boolean;
  /** There is a word for a call that cannot be read. */
  readonly malformed: boolean;
}

/** Tells what of the stop the caller does not read. `candidate` is the place of the answer. */
export function leaveStopDetail(
  { reason, sequence }: Stop,
  words: StopWords,
  candidate: number,
  losses: Losses,
): void {
  const field = `candidates[${candidate}].stop`;
  if (sequence !== undefined && !words.sequence) {
    losses.addMinor(`${field}.sequence`, 'the stop sequence that was met is not named here');
  }
  if (reason === 'pause' && !words.pause) {
    losses.add(field, 'the turn was paused, and there is no word for it here');
  }
  if (reason === 'malformed' && !words.malformed) {
    losses.add(
      field,
      'the model wrote a call that cannot be read, and there is no word for it here',
    );
  }
}

// What becomes of a feature on its way from one dialect to another.

/** A loss as an encoder tells it: `messages[].content[]` stands for any place of that kind. */
export interface ToldLoss {
  readonly field: string;
  readonly reason: string;
}

/**
 * - `carried`: the other side reads all of it, and nothing is reported.
 * - `emulated`: nothing is reported, and the other side is told in another way, which is said here.
 * - `refused`: the caller gets a 400 with the field and the reason. A route with `losses: drop`
 *   goes on without it and reports it, unless the encoder cannot write a request at all.
 * - `lossy`: the request goes on without it, and the loss is reported.
 * - `dropped`: it is told, and the caller's own client leaves it out of what it sends next.
 */
export type Verdict =
  | { readonly is: 'carried' }
  | { readonly is: 'emulated' | 'dropped'; readonly how: string }
  | { readonly is: 'refused' | 'lossy'; readonly losses: readonly ToldLoss[] };

export const carried: Verdict = { is: 'carried' };

export function emulated(how: string): Verdict {
  return { is: 'emulated', how };
}

/** `how` is what becomes of the next request without it. */
export function dropped(how: string): Verdict {
  return { is: 'dropped', how };
}

/** Fields and reasons in turn: one refusal can name several fields. */
export function refused(...words: readonly string[]): Verdict {
  return { is: 'refused', losses: pairs(words) };
}

/** Fields and reasons in turn. */
export function lossy(...words: readonly string[]): Verdict {
  return { is: 'lossy', losses: pairs(words) };
}

function pairs(words: readonly string[]): ToldLoss[] {
  return words.flatMap((field, at) =>
    at % 2 === 0 ? [{ field, reason: words[at + 1] ?? '' }] : [],
  );
}

// Signatures on texts and calls, which Google alone makes. They are the state of its reasoning: to
// other dialects and vendors they mean nothing, and leaving them out takes nothing from what is
// said.

import type { Block, Signed } from './canonical.ts';
import type { Losses } from './losses.ts';

/** Tells that the signature of a text or a call is left out. `path` is that of the block. */
export function leaveSignature({ signature }: Signed, path: string, losses: Losses): void {
  if (signature === undefined) return;
  losses.addMinor(`${path}.signature`, 'a text or a call has no signature in this dialect');
}

/** The same for the event of a stream. */
export function leaveStreamSignature(index: number, losses: Losses): void {
  leaveSignature({ signature: '' }, `candidates[0].content[${index}]`, losses);
}

/** A text that was there to carry its signature: without it, it says nothing. */
export function isHollow(
  block: Pick<Block, 'type'> & Signed & { readonly text?: string },
): boolean {
  return block.type === 'text' && block.text === '' && block.signature !== undefined;
}

// The name of a document, which not every way of sending one has a place for. It takes nothing from
// what the document says.

import type { DocumentBlock } from './canonical.ts';
import type { Losses } from './losses.ts';

/** Tells that the name is left out. `path` is that of the block. */
export function leaveName({ name }: DocumentBlock, path: string, losses: Losses): void {
  if (name !== undefined) losses.addMinor(`${path}.name`, 'this document has no name here');
}

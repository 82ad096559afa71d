// How closely the caller wants a picture looked at, which openai's dialects alone can say. It saves
// money and changes nothing of what is asked.

import type { ImageBlock } from './canonical.ts';
import type { Losses } from './losses.ts';

/** Tells that the wish is left out. `path` is that of the block. */
export function leaveDetail({ detail }: ImageBlock, path: string, losses: Losses): void {
  if (detail === undefined || detail === 'auto') return;
  losses.addMinor(`${path}.detail`, 'a picture has no detail of its own in this dialect');
}

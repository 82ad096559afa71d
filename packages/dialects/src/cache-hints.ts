// Wishes about the cache of prompts. They only save money and time, so that leaving one out is no
// reason to refuse; it is told all the same.

import type { Block, CacheMark, CanonicalRequest } from './canonical.ts';
import type { Losses } from './losses.ts';

/** Tells that no mark of the request is written. */
export function leaveCacheMarks(request: CanonicalRequest, losses: Losses): void {
  if (cacheMarks(request).length > 0) {
    losses.addMinor('cache', 'the cache takes no marks here: it works by itself, if there is one');
  }
}

/** Tells that the key is not written. */
export function leaveCacheKey({ promptCacheKey }: CanonicalRequest, losses: Losses): void {
  if (promptCacheKey !== undefined) {
    losses.addMinor('promptCacheKey', 'the cache has no keys here');
  }
}

/** Every mark of a request, on its tools and its blocks. */
export function cacheMarks({ tools = [], messages }: CanonicalRequest): readonly CacheMark[] {
  const blocks = messages.flatMap(({ content }) => content.flatMap(marksOf));
  return [...tools.flatMap(({ cache }) => cache ?? []), ...blocks];
}

function marksOf(block: Block): readonly CacheMark[] {
  const own = 'cache' in block && block.cache !== undefined ? [block.cache] : [];
  return block.type === 'tool_result' ? [...own, ...block.content.flatMap(marksOf)] : own;
}

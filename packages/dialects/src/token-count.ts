import type { Usage } from './canonical.ts';

/** How many tokens a prompt has. To count them uses none. */
export interface TokenCount {
  readonly inputTokens: number;
  readonly usage: Usage;
}

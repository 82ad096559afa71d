// Claude on Vertex AI: Messages by rawPredict, without the model, which the path says.

import type { Carriage } from '../cloud.ts';

/**
 * Betas that Vertex AI takes; any other is a 400 there (anthropics/claude-code#34802,
 * vercel/ai#10981, BerriAI/litellm#19984). Gathered by LiteLLM
 * (anthropic_beta_headers_config.json at 030dd40, seen 2026-11-24).
 */
const sameName: readonly string[] = [
  'compact-2026-01-12',
  'compact-2026-09-04',
  'computer-use-2025-01-24',
  'computer-use-2025-11-24',
  'context-1m-2025-08-07',
  'context-management-2025-06-27',
  'dangerous-tool-use-2026-09-03',
  'interleaved-thinking-2025-05-14',
  'per-turn-control-2026-07-01',
  'thinking-binding-controls-2026-08-01',
  'thinking-display-updates-2026-08-18',
  'tool-search-tool-2025-10-19',
  'web-search-2025-03-05',
];

/** `stream` stays in the body: it must say what the method does. */
export const claudeByRawPredict: Carriage = {
  without: ['model'],
  put: { anthropic_version: '"vertex-2023-10-16"' },
  betaMember: null,
  betas: new Map([
    ...sameName.map((name): [string, string] => [name, name]),
    ['advanced-tool-use-2025-11-20', 'tool-search-tool-2025-10-19'],
  ]),
  unframer: null,
  // The model's own refusals; Google's are read well enough in the same words.
  refusals: null,
};

/**
 * A count names its model in the body: the path says what is asked.
 * (docs.cloud.google.com/vertex-ai,
 * "Count tokens for Claude models"; @anthropic-ai/vertex-sdk, both seen 2026-11-24)
 */
export const claudeCount: Carriage = { ...claudeByRawPredict, without: [] };

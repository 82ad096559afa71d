// Betas of anthropic's API that Amazon takes, by Anthropic's name with its own; others are a 400
// there. (BerriAI/litellm, anthropic_beta_headers_config.json at 030dd40, seen 2026-11-24)

const ofBoth: readonly string[] = [
  'compact-2026-01-12',
  'computer-use-2025-01-24',
  'computer-use-2025-11-24',
  'context-1m-2025-08-07',
  'context-management-2025-06-27',
  'dangerous-tool-use-2026-09-03',
  'effort-2025-11-24',
  'fine-grained-tool-streaming-2025-05-14',
  'thinking-binding-controls-2026-08-01',
  'thinking-display-updates-2026-08-18',
  'tool-search-tool-2025-10-19',
];

/** By InvokeModel. */
export const runtimeBetas: ReadonlyMap<string, string> = named([
  'mid-conversation-output-config-2026-07-01',
  'mid-conversation-tool-changes-2026-07-01',
]);

/** By Messages at Mantle. */
export const mantleBetas: ReadonlyMap<string, string> = named([
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'output-128k-2025-02-19',
  'per-turn-control-2026-07-01',
  'structured-outputs-2025-11-13',
  'token-efficient-tools-2025-02-19',
  'tool-examples-2025-10-29',
  'web-search-2025-03-05',
]);

function named(own: readonly string[]): ReadonlyMap<string, string> {
  return new Map([
    ...[...ofBoth, ...own].map((name): [string, string] => [name, name]),
    ['advanced-tool-use-2025-11-20', 'tool-search-tool-2025-10-19'],
  ]);
}

// What the demo's callers will ask, and when: a trace's arrivals and lengths, spread over routes,
// dialects, streaming and tools by a seed.

import type { TracedRequest } from '@entrepot/traffic/traced-request';

export type DemoDialect = 'openai-chat' | 'anthropic-messages';

export interface PlannedRequest {
  readonly n: number;
  /** After compression, from the start of the play. */
  readonly atMs: number;
  readonly route: string;
  readonly dialect: DemoDialect;
  readonly stream: boolean;
  /** How many tool calls the simulated model makes; 0 for a request without tools. */
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface PlanOptions {
  /** Time compression: trace seconds per second of play. */
  readonly speed: number;
  readonly routes: readonly string[];
  readonly random: () => number;
}

const shares = { stream: 0.6, tools: 0.2, chat: 0.5 };

export function planTraffic(
  trace: readonly TracedRequest[],
  options: PlanOptions,
): PlannedRequest[] {
  const { random, routes, speed } = options;
  return trace.map((request, n) => ({
    n,
    atMs: request.atMs / speed,
    route: routes[Math.floor(random() * routes.length)]!,
    dialect: random() < shares.chat ? 'openai-chat' : 'anthropic-messages',
    stream: random() < shares.stream,
    toolCalls: random() < shares.tools ? 1 + Math.floor(random() * 2) : 0,
    inputTokens: request.inputTokens,
    outputTokens: request.outputTokens,
  }));
}

// Words in the last user message that steer the answer. The gateway forwards no unknown header, so
// a test or the demo says what it wants where everything reaches: in the text.
//
//   [[simulate input=1500 output=120 tools=2 thinking=64 stop=content_filter]]
//
// `input` tokens are counted instead of the text's own, `output` tokens are written, `tools` calls
// are made when tools are offered, `thinking` tokens are thought when thinking is asked for, and
// `stop` replaces the reason for stopping (`content_filter`, `refusal` or `length`).

import type { CanonicalRequest, StopReason } from '@entrepot/dialects/canonical';

export interface Steering {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly toolCalls: number | null;
  readonly thinkingTokens: number | null;
  readonly stop: StopReason | null;
}

const none: Steering = {
  inputTokens: null,
  outputTokens: null,
  toolCalls: null,
  thinkingTokens: null,
  stop: null,
};

const stops: readonly StopReason[] = ['content_filter', 'refusal', 'length'];
const opening = '[[simulate';
const longestSteering = 200;

/** Reads the last message when a user wrote it; what cannot be read steers nothing. */
export function steeringOf(request: CanonicalRequest): Steering {
  const last = request.messages.at(-1);
  if (last?.role !== 'user') return none;
  for (const block of last.content.toReversed()) {
    if (block.type !== 'text') continue;
    const at = block.text.lastIndexOf(opening);
    if (at !== -1) return parse(block.text.slice(at, at + longestSteering));
  }
  return none;
}

function parse(text: string): Steering {
  const end = text.indexOf(']]');
  if (end === -1) return none;
  const words = new Map<string, string>();
  for (const [, key, value] of text.slice(0, end).matchAll(/(\w+)=(\w+)/g)) words.set(key!, value!);
  const count = (key: string): number | null => {
    const value = words.get(key);
    return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  return {
    inputTokens: count('input'),
    outputTokens: count('output'),
    toolCalls: count('tools'),
    thinkingTokens: count('thinking'),
    stop: stops.find(s => s === words.get('stop')) ?? null,
  };
}

// Words in the last user message that steer the answer. The gateway forwards no unknown header, so
// a test or the demo says what it wants where everything reaches: in the text.
//
//   [[simulate input=1500 output=120 tools=2 thinking=64 stop=content_filter]]
//   [[simulate call=write_file args={"path":"a.txt","content":"Hello"}]]
//
// `input` tokens are counted instead of the text's own, `output` tokens are written, `tools` calls
// are made when tools are offered, `thinking` tokens are thought when thinking is asked for, and
// `stop` replaces the reason for stopping (`content_filter`, `refusal` or `length`). `call` is a
// tool to call where it is offered, and `args`, which stands last, its arguments. After
// `signatures=own` Gemini takes no word in place of its signatures.

import type { CanonicalRequest, StopReason } from '@entrepot/dialects/canonical';

export interface Steering {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly toolCalls: number | null;
  /** A call of one tool by its name, with these arguments. */
  readonly call: SteeredCall | null;
  readonly thinkingTokens: number | null;
  readonly stop: StopReason | null;
  readonly insistsOnSignatures: boolean;
}

export interface SteeredCall {
  readonly name: string;
  readonly argumentsJson: string;
}

const none: Steering = {
  inputTokens: null,
  outputTokens: null,
  toolCalls: null,
  call: null,
  thinkingTokens: null,
  stop: null,
  insistsOnSignatures: false,
};

const stops: readonly StopReason[] = ['content_filter', 'refusal', 'length'];
const opening = '[[simulate';
const longestSteering = 2000;
const steeringWords = /^\[\[simulate(.*?)(?:\sargs=(\{.*?\}))?\]\]/s;

/**
 * Reads the last message when a user wrote it, whatever the system says after it; what cannot be
 * read steers nothing.
 */
export function steeringOf(request: CanonicalRequest): Steering {
  const last = request.messages.findLast(({ role }) => role === 'user' || role === 'assistant');
  if (last?.role !== 'user') return none;
  for (const block of last.content.toReversed()) {
    if (block.type !== 'text') continue;
    const at = block.text.lastIndexOf(opening);
    if (at !== -1) return parse(block.text.slice(at, at + longestSteering));
  }
  return none;
}

function parse(text: string): Steering {
  const found = steeringWords.exec(text);
  if (found === null) return none;
  const [, plain = '', args = '{}'] = found;
  const words = new Map<string, string>();
  for (const [, key, value] of plain.matchAll(/(\w+)=([\w-]+)/g)) words.set(key!, value!);
  const count = (key: string): number | null => {
    const value = words.get(key);
    return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  return {
    inputTokens: count('input'),
    outputTokens: count('output'),
    toolCalls: count('tools'),
    call: callOf(words.get('call'), args),
    thinkingTokens: count('thinking'),
    stop: stops.find(s => s === words.get('stop')) ?? null,
    insistsOnSignatures: words.get('signatures') === 'own',
  };
}

function callOf(name: string | undefined, argumentsJson: string): SteeredCall | null {
  return name === undefined ? null : { name, argumentsJson };
}

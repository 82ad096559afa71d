// An answer before it is told: blocks made of pieces, each a stream event with its tokens, and the
// same in one go for a unary call. Both give the same words and the same usage.

import type {
  Block,
  BlockStart,
  CanonicalResponse,
  Signed,
  Stop,
  StreamEvent,
  Usage,
} from '@entrepot/dialects/canonical';

export interface Piece {
  readonly text: string;
  readonly tokens: number;
}

export interface AnswerBlock {
  readonly start: Exclude<BlockStart, { readonly type: 'native' }>;
  readonly pieces: readonly Piece[];
  readonly signed: Required<Signed> | null;
}

export interface AnswerCandidate {
  readonly blocks: readonly AnswerBlock[];
  readonly stop: Stop;
}

export interface Answer {
  readonly candidates: readonly AnswerCandidate[];
  readonly usage: Usage;
  /** Thought before the first token, and never shown. */
  readonly hiddenTokens: number;
}

/** The answer of a unary call. */
export function answerResponse(answer: Answer, id: string, model: string): CanonicalResponse {
  const candidates = answer.candidates.map(({ blocks, stop }, index) => ({
    index,
    content: blocks.map(wholeBlock),
    stop,
  }));
  return { id, model, candidates, usage: answer.usage };
}

function wholeBlock({ start, pieces, signed }: AnswerBlock): Block {
  const text = pieces.map(piece => piece.text).join('');
  switch (start.type) {
    case 'tool_call':
      return { ...start, argumentsJson: text, ...signed };
    case 'thinking':
      return { ...start, text, ...signed };
    case 'redacted_thinking':
      return { ...start, data: text };
    case 'text':
      return { ...start, text, ...signed };
    case 'refusal':
      return { ...start, text };
  }
}

/** An event of the answer's stream, and how many tokens were made since the one before. */
export interface AnswerEvent {
  readonly event: StreamEvent;
  readonly tokens: number;
}

/** The events of a streamed call. Input usage is known at the start, all of it at the end. */
export function* answerEvents(answer: Answer, id: string, model: string): Generator<AnswerEvent> {
  yield { event: { type: 'start', id, model }, tokens: 0 };
  yield { event: { type: 'usage', usage: { ...answer.usage, outputTokens: 0 } }, tokens: 0 };
  for (const [candidate, { blocks }] of answer.candidates.entries()) {
    for (const [index, block] of blocks.entries()) {
      yield* blockEvents(candidate, index, block);
    }
  }
  for (const [candidate, { stop }] of answer.candidates.entries()) {
    yield { event: { type: 'stop', candidate, stop }, tokens: 0 };
  }
  yield { event: { type: 'usage', usage: answer.usage }, tokens: 0 };
  yield { event: { type: 'end' }, tokens: 0 };
}

function* blockEvents(
  candidate: number,
  index: number,
  { start, pieces, signed }: AnswerBlock,
): Generator<AnswerEvent> {
  yield { event: { type: 'block_start', candidate, index, block: start }, tokens: 0 };
  for (const { text, tokens } of pieces) {
    yield { event: { type: 'block_delta', candidate, index, text }, tokens };
  }
  if (signed !== null) {
    yield { event: { type: 'block_signature', candidate, index, ...signed }, tokens: 0 };
  }
  yield { event: { type: 'block_stop', candidate, index }, tokens: 0 };
}

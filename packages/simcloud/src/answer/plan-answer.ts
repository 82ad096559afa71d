// What a simulated model answers: tool calls where they are offered and asked for, else text or
// JSON; thinking before it where the model thinks; and the usage of all that. Drawn from the seed,
// or steered by the caller's words.

import type { CanonicalRequest, Signed, Stop, Tool, Usage } from '@entrepot/dialects/canonical';
import type { SimulatedModel } from '../model.ts';
import type { CacheUse } from '../prompt-cache.ts';
import { lognormal, type Random, randomText } from '../random.ts';
import { signThinking } from '../signature.ts';
import type { SteeredCall, Steering } from '../steering.ts';
import type { Answer, AnswerBlock, AnswerCandidate, Piece } from './answer.ts';
import {
  asksForThinking,
  showsThinking,
  thinkingBlocks,
  thinkingTokensOf,
} from './plan-thinking.ts';
import { valueFor } from './schema-value.ts';
import { textPieces, wordPieces } from './words.ts';

export interface AnswerPlan {
  readonly request: CanonicalRequest;
  readonly model: SimulatedModel;
  readonly steering: Steering;
  readonly inputTokens: number;
  readonly cache: CacheUse;
  readonly random: Random;
  /** How the cloud begins the ids of its tool calls. */
  readonly callIdPrefix: string;
  readonly serviceTier: string | null;
  /** Thinking of openai comes back encrypted, as its dialect has it. */
  readonly encryptsThinking: boolean;
  readonly tokensPerEvent: number;
}

/** Half of the answers that nobody steers are shorter; of the order of chat traffic. */
const usualOutputTokens = 120;
const outputSigma = 0.7;
/** What names and framing of one tool call count. */
const callTokens = 12;

export function planAnswer(plan: AnswerPlan): Answer {
  const { request, model } = plan;
  const most = Math.min(request.maxOutputTokens ?? Infinity, model.maxOutputTokens);
  const thinks = model.reasoning && asksForThinking(request);
  const thinkingTokens = thinks ? Math.min(thinkingTokensOf(plan), Math.max(0, most - 1)) : 0;
  const isShown = thinks && showsThinking(plan);
  const count = request.candidates ?? 1;
  const candidates = Array.from({ length: count }, (_, index) => {
    const thinking = isShown && index === 0 ? thinkingBlocks(plan, thinkingTokens) : [];
    return candidate(plan, thinking, most - thinkingTokens);
  });
  const shown = candidates.flatMap(c => c.blocks.flatMap(b => b.pieces));
  const shownTokens = shown.reduce((sum, piece) => sum + piece.tokens, 0);
  const hiddenTokens = isShown ? 0 : thinkingTokens;
  return {
    candidates,
    usage: usageOf(plan, shownTokens + hiddenTokens, thinkingTokens),
    hiddenTokens,
  };
}

function candidate(
  plan: AnswerPlan,
  thinking: readonly AnswerBlock[],
  mostTokens: number,
): AnswerCandidate {
  const { random, steering } = plan;
  const drawn = Math.ceil(usualOutputTokens * lognormal(random, outputSigma));
  const wanted = steering.outputTokens ?? drawn;
  const calls = toolCalls(plan);
  const answer = calls.length > 0 ? calledBlocks(plan, calls, wanted) : spoken(plan, wanted);
  const { blocks: said, isCut } = limited(answer.blocks, mostTokens);
  const blocks = signedLast(plan, said);
  const stop: Stop = isCut ? { reason: 'length', raw: 'length' } : answer.stop;
  const reason = steering.stop;
  return {
    blocks: [...thinking, ...blocks],
    stop: reason === null ? stop : { reason, raw: reason },
  };
}

/** What Gemini thought of hangs on its last text, where no call has it. */
function signedLast(
  { request, model }: AnswerPlan,
  blocks: readonly AnswerBlock[],
): readonly AnswerBlock[] {
  const last = blocks.at(-1);
  const isSigned = model.vendor === 'google' && model.reasoning && asksForThinking(request);
  if (!isSigned || last?.start.type !== 'text') return blocks;
  return [...blocks.slice(0, -1), { ...last, signed: signedByGoogle('text') }];
}

interface Spoken {
  readonly blocks: readonly AnswerBlock[];
  readonly stop: Stop;
}

const atEnd: Stop = { reason: 'end', raw: 'end' };

function spoken(plan: AnswerPlan, wanted: number): Spoken {
  const { request, random, tokensPerEvent } = plan;
  const format = request.responseFormat;
  if (format !== undefined && format.type !== 'text') {
    const schema = format.type === 'json_schema' ? format.schema : { type: 'object' };
    const json = JSON.stringify(valueFor(schema, random));
    return { blocks: [textBlock(textPieces(json, tokensPerEvent))], stop: atEnd };
  }
  return stopped(wordPieces(random, wanted, tokensPerEvent), request.stop ?? []);
}

/** Text up to the first stop sequence, which is not told. */
function stopped(pieces: readonly Piece[], sequences: readonly string[]): Spoken {
  if (sequences.length === 0) return { blocks: [textBlock(pieces)], stop: atEnd };
  const text = pieces.map(p => p.text).join('');
  const found = sequences
    .map(sequence => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at)[0];
  if (found === undefined) return { blocks: [textBlock(pieces)], stop: atEnd };
  const stop: Stop = { reason: 'stop_sequence', raw: 'stop_sequence', sequence: found.sequence };
  const kept: Piece[] = [];
  let left = found.at;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(piece.text.length <= left ? piece : { ...piece, text: piece.text.slice(0, left) });
    left -= piece.text.length;
  }
  return { blocks: [textBlock(kept)], stop };
}

/** Text comes before the calls when more tokens are wanted than the calls take. */
function calledBlocks(plan: AnswerPlan, calls: readonly AnswerBlock[], wanted: number): Spoken {
  const { random, steering, tokensPerEvent } = plan;
  const spent = calls.reduce((sum, call) => sum + tokensOf(call), 0);
  const spare = steering.outputTokens === null ? 0 : wanted - spent;
  const preface = spare > 0 ? [textBlock(wordPieces(random, spare, tokensPerEvent))] : [];
  return { blocks: [...preface, ...calls], stop: { reason: 'tool_call', raw: 'tool_call' } };
}

function toolCalls(plan: AnswerPlan): AnswerBlock[] {
  const { model, random, callIdPrefix, tokensPerEvent } = plan;
  return plannedCalls(plan).map(({ name, argumentsJson }, i) => {
    const id = callIdPrefix + randomText(random, 24);
    const [first, ...rest] = textPieces(argumentsJson, tokensPerEvent);
    const pieces = [{ ...first!, tokens: first!.tokens + callTokens }, ...rest];
    // Google signs the first call of an answer for all of them.
    const signed = i === 0 && model.vendor === 'google' ? signedByGoogle(name) : null;
    return { start: { type: 'tool_call', id, name }, pieces, signed };
  });
}

function plannedCalls({ request, steering, random }: AnswerPlan): readonly SteeredCall[] {
  const tools = offeredTools(request);
  const { call } = steering;
  if (tools.length === 0) return [];
  if (call !== null && tools.some(({ name }) => name === call.name)) return [call];
  const asked = steering.toolCalls ?? (isForced(request) ? 1 : 0);
  const count = request.parallelToolCalls === false ? Math.min(asked, 1) : asked;
  return Array.from({ length: Math.min(count, 64) }, (_, i) => {
    const { name, parameters } = tools[i % tools.length]!;
    const value = valueFor({ type: 'object', ...parameters }, random);
    return { name, argumentsJson: JSON.stringify(value) };
  });
}

function signedByGoogle(text: string): Required<Signed> {
  return { signature: signThinking(text), issuer: 'google' };
}

function isForced({ toolChoice }: CanonicalRequest): boolean {
  if (toolChoice?.type === 'allowed') return toolChoice.mode === 'required';
  return toolChoice?.type === 'required' || toolChoice?.type === 'named';
}

function offeredTools({ tools, toolChoice }: CanonicalRequest): readonly Tool[] {
  const callable = (tools ?? []).filter(tool => tool.native === undefined);
  if (toolChoice?.type === 'none') return [];
  if (toolChoice?.type === 'named') return callable.filter(t => t.name === toolChoice.name);
  if (toolChoice?.type === 'allowed')
    return callable.filter(t => toolChoice.names.includes(t.name));
  return callable;
}

/** The same blocks, cut where their tokens reach the limit. */
function limited(
  blocks: readonly AnswerBlock[],
  mostTokens: number,
): { blocks: AnswerBlock[]; isCut: boolean } {
  const kept: AnswerBlock[] = [];
  let left = mostTokens;
  for (const block of blocks.filter(b => b.pieces.length > 0)) {
    if (tokensOf(block) <= left) {
      kept.push(block);
      left -= tokensOf(block);
      continue;
    }
    if (left > 0) kept.push({ ...block, pieces: cutPieces(block.pieces, left) });
    return { blocks: kept, isCut: true };
  }
  return { blocks: kept, isCut: false };
}

function cutPieces(pieces: readonly Piece[], tokens: number): Piece[] {
  const kept: Piece[] = [];
  let left = tokens;
  for (const piece of pieces) {
    if (left === 0) break;
    if (piece.tokens <= left) kept.push(piece);
    else {
      const length = Math.floor((piece.text.length * left) / piece.tokens);
      kept.push({ text: piece.text.slice(0, length), tokens: left });
    }
    left -= Math.min(left, piece.tokens);
  }
  return kept;
}

function textBlock(pieces: readonly Piece[]): AnswerBlock {
  return { start: { type: 'text' }, pieces, signed: null };
}

function tokensOf(block: AnswerBlock): number {
  return block.pieces.reduce((sum, piece) => sum + piece.tokens, 0);
}

function usageOf(plan: AnswerPlan, outputTokens: number, reasoningTokens: number): Usage {
  return {
    inputTokens: plan.inputTokens,
    cachedReadTokens: plan.cache.readTokens,
    cacheWrite5mTokens: plan.cache.write5mTokens,
    cacheWrite1hTokens: plan.cache.write1hTokens,
    outputTokens,
    reasoningTokens,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    webSearches: 0,
    serviceTier: plan.serviceTier,
    source: 'provider',
  };
}

// What a simulated model shows of its thinking, and how it signs it: Claude as text with a
// signature, Gemini as thoughts, models of openai encrypted, and in Responses alone.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { randomText } from '../random.ts';
import { signThinking } from '../signature.ts';
import type { AnswerBlock } from './answer.ts';
import type { AnswerPlan } from './plan-answer.ts';
import { wordPieces } from './words.ts';

export function asksForThinking({ reasoning }: CanonicalRequest): boolean {
  return reasoning !== undefined && reasoning.mode !== 'disabled' && reasoning.effort !== 'none';
}

/** Claude shows its thinking unless it is told not to, Gemini when it is asked to. */
export function showsThinking({ request, model, encryptsThinking }: AnswerPlan): boolean {
  if (model.vendor === 'openai') return encryptsThinking;
  if (model.vendor === 'anthropic') return true;
  const display = request.reasoning?.display;
  return model.vendor === 'google' && display !== undefined && display !== 'omitted';
}

export function thinkingTokensOf({ request, steering, random }: AnswerPlan): number {
  const drawn = steering.thinkingTokens ?? 32 + Math.floor(random() * 160);
  return Math.min(drawn, request.reasoning?.budgetTokens ?? Infinity);
}

export function thinkingBlocks(plan: AnswerPlan, tokens: number): AnswerBlock[] {
  if (tokens === 0) return [];
  const { request, random, tokensPerEvent } = plan;
  const { vendor: issuer } = plan.model;
  const display = request.reasoning?.display;
  const isOmitted = issuer === 'openai' ? display === undefined : display === 'omitted';
  const pieces = wordPieces(random, tokens, tokensPerEvent);
  const signature = signThinking(pieces.map(p => p.text).join(''));
  const told = isOmitted ? pieces.map(piece => ({ ...piece, text: '' })) : pieces;
  if (issuer === 'openai') return [encrypted(told, signature, `rs_${randomText(random, 48)}`)];
  // Google signs what comes after its thinking.
  const signed = issuer === 'google' ? null : { signature, issuer };
  return [{ start: { type: 'thinking', issuer }, pieces: told, signed }];
}

function encrypted(pieces: AnswerBlock['pieces'], content: string, id: string): AnswerBlock {
  const issuer = 'openai';
  const item = { dialect: 'openai-responses', value: { id } };
  const signature = JSON.stringify({ id, encrypted_content: content });
  return { start: { type: 'thinking', issuer, item }, pieces, signed: { signature, issuer } };
}

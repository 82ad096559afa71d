// The judge: a model and a prompt of the operator's, asked which of two answers is better.

import { UsageError } from '../command.ts';
import type { Body } from './spoken.ts';

export type Verdict = 'a' | 'b' | 'tie';

const places = ['{{request}}', '{{a}}', '{{b}}'] as const;
const schema = {
  type: 'object',
  properties: { winner: { type: 'string', enum: ['a', 'b', 'tie'] } },
  required: ['winner'],
  additionalProperties: false,
};

/** Throws UsageError for a prompt that does not show the judge what there is to judge. */
export function checkJudgePrompt(prompt: string): void {
  const missing = places.filter(place => !prompt.includes(place));
  if (missing.length === 0) return;
  throw new UsageError(`the judge's prompt must have ${missing.join(', ')}, once each or more`);
}

/** The body of the Chat Completions call that asks for a verdict. */
export function judgeBody(
  prompt: string,
  route: string,
  shown: { readonly request: string; readonly a: string; readonly b: string },
  maxOutputTokens: number,
): Body {
  // In one pass: an answer that has {{b}} in it is not filled in.
  const content = prompt.replace(
    /\{\{(request|a|b)\}\}/g,
    (_, name: keyof typeof shown) => shown[name],
  );
  return {
    model: route,
    messages: [{ role: 'user', content }],
    max_completion_tokens: maxOutputTokens,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'verdict', strict: true, schema },
    },
  };
}

/** null when the answer is no verdict. */
export function verdictOf(text: string): Verdict | null {
  try {
    const { winner } = JSON.parse(text) as { winner?: unknown };
    return winner === 'a' || winner === 'b' || winner === 'tie' ? winner : null;
  } catch {
    return null;
  }
}

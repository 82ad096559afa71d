// One answer of the model, as history. Signatures of Google go back on the very parts that had
// them; those of others mean nothing here, and leaving them out takes nothing from the
// conversation. That is not reported.

import type { Block, Signed, ThinkingBlock, ToolCallBlock } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import { argumentsOf } from './function-response.ts';
import type { Losses } from './losses.ts';
import { encodePart } from './part-encode.ts';
import { ownIssuer } from './signature.ts';

/**
 * What Google takes where the first call of an answer had its signature lost on the way: by a
 * caller that keeps no unknown fields, or because another vendor's model made the call
 * (ai.google.dev/gemini-api/docs/thought-signatures). Without it Gemini 3 refuses the request.
 */
const unsigned = 'skip_thought_signature_validator';

/**
 * `id` is written from generation 3 on. Those models name each call and refuse, or leave
 * unanswered, an answer that does not repeat the id, on both services (BerriAI/litellm#34603, July
 * 2026). For earlier models Vertex AI refused requests with an id, and order alone matches calls
 * and answers.
 */
export function takesIds(generation: number): boolean {
  return generation >= 3;
}

export function encodeAssistant(
  blocks: readonly Block[],
  path: string,
  generation: number,
  losses: Losses,
): JsonObject[] {
  const parts: JsonObject[] = [];
  let isFirstCall = true;
  for (const [index, block] of blocks.entries()) {
    const place = `${path}[${index}]`;
    if (block.type === 'tool_call') {
      parts.push(encodeCall(block, place, generation, isFirstCall, losses));
      isFirstCall = false;
      continue;
    }
    const part = encodeSaid(block, place, losses);
    if (part !== null) parts.push(part);
  }
  return parts;
}

function encodeSaid(block: Block, path: string, losses: Losses): JsonObject | null {
  switch (block.type) {
    case 'text': {
      const signature = ownSignature(block);
      const part = encodePart(block, path, losses);
      return Object.keys(signature).length === 0 ? part : { text: block.text, ...signature };
    }
    case 'thinking':
      return encodeThinking(block);
    case 'redacted_thinking':
      return null;
    default:
      return encodePart(block, path, losses);
  }
}

/** Thinking that nobody signed is told as a thought. */
function encodeThinking(block: ThinkingBlock): JsonObject | null {
  const isForeign = block.signature !== undefined && block.issuer !== ownIssuer;
  const isEmpty = block.text === '' && block.signature === undefined;
  if (isForeign || isEmpty) return null;
  return { text: block.text, thought: true, ...ownSignature(block) };
}

function encodeCall(
  block: ToolCallBlock,
  path: string,
  generation: number,
  isFirst: boolean,
  losses: Losses,
): JsonObject {
  const { id, name } = block;
  const args = argumentsOf(block.argumentsJson);
  if (args === null) losses.add(`${path}.argumentsJson`, 'arguments must be a JSON object here');
  const functionCall = { ...(takesIds(generation) ? { id } : {}), name, args: args ?? {} };
  const needsSignature = generation >= 3 && isFirst;
  return {
    functionCall,
    ...(needsSignature ? { thoughtSignature: unsigned } : {}),
    ...ownSignature(block),
  };
}

function ownSignature(block: Signed): { thoughtSignature?: string } {
  const { signature, issuer } = block;
  return signature === undefined || issuer !== ownIssuer ? {} : { thoughtSignature: signature };
}

// One answer of the model, as history. Signatures of Google go back on the very parts that had
// them; those of others mean nothing here, and leaving them out takes nothing from the
// conversation.

import type { Block, Signed, ThinkingBlock, ToolCallBlock } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { argumentsOf } from './function-response.ts';
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
      const signature = ownSignature(block, path, losses);
      const part = encodePart(block, path, losses);
      return Object.keys(signature).length === 0 ? part : { text: block.text, ...signature };
    }
    case 'thinking':
      return encodeThinking(block, path, losses);
    case 'redacted_thinking':
      losses.addMinor(path, othersThinking);
      return null;
    default:
      return encodePart(block, path, losses);
  }
}

/** Thinking that nobody signed is told as a thought. */
function encodeThinking(block: ThinkingBlock, path: string, losses: Losses): JsonObject | null {
  const { text, signature, issuer } = block;
  if (signature !== undefined && issuer !== ownIssuer) {
    losses.addMinor(path, othersThinking);
    return null;
  }
  if (text === '' && signature === undefined) return null;
  return { text, thought: true, ...ownSignature(block, path, losses) };
}

const othersThinking = 'thinking that another vendor signed means nothing to the model';

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
    ...ownSignature(block, path, losses),
  };
}

function ownSignature(block: Signed, path: string, losses: Losses): { thoughtSignature?: string } {
  const { signature, issuer } = block;
  if (signature === undefined) return {};
  if (issuer === ownIssuer) return { thoughtSignature: signature };
  losses.addMinor(`${path}.signature`, 'what another vendor signed means nothing to the model');
  return {};
}

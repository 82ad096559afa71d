// What a model said, block by block, to parts of an answer.

import type { Block, ToolCallBlock } from '../canonical.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { argumentsOf } from './function-response.ts';
import { encodePart } from './part-encode.ts';
import { seal } from './signature.ts';

/** A part, or null; what cannot be said is a loss. */
export function encodeSaid(block: Block, path: string, losses: Losses): JsonObject | null {
  switch (block.type) {
    case 'text':
    case 'thinking': {
      const { text, signature, issuer } = block;
      if (text === '' && signature === undefined) return null;
      return textPart(text, block.type, sealed(signature, issuer));
    }
    case 'redacted_thinking':
      return textPart('', 'thinking', seal(block.data, block.issuer, 'redacted'));
    case 'tool_call':
      return encodeCall(block, path, losses);
    default:
      return encodePart(block, path, losses);
  }
}

export function textPart(
  text: string,
  type: 'text' | 'thinking',
  thoughtSignature?: string,
): JsonObject {
  return {
    text,
    ...(type === 'thinking' ? { thought: true } : {}),
    ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
  };
}

/** null for arguments that are no JSON object: half a call is worse than none. */
export function encodeCall(block: ToolCallBlock, path: string, losses: Losses): JsonObject | null {
  const { id, name, signature, issuer } = block;
  const args = argumentsOf(block.argumentsJson);
  if (args === null) {
    losses.add(path, 'the arguments of the call are no JSON object');
    return null;
  }
  const thoughtSignature = sealed(signature, issuer);
  const functionCall = { id, name, args };
  return { functionCall, ...(thoughtSignature === undefined ? {} : { thoughtSignature }) };
}

function sealed(signature: string | undefined, issuer: string | undefined): string | undefined {
  return signature === undefined ? undefined : seal(signature, issuer);
}

// Vectors in an answer of Google. What was read is counted by newer models alone.

import type { Usage } from '../canonical.ts';
import type { EmbedAnswer } from '../embedding.ts';
import { inputUsage } from '../input-usage.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';
import { decodeUsage } from './usage.ts';

export function embedUsage(body: JsonObject): Usage | null {
  const usage = decodeUsage(body);
  return usage === null ? null : inputUsage(usage.inputTokens);
}

export function readUsage(bytes: Uint8Array): { usage: Usage | null; stopRaw: null } {
  return { usage: embedUsage(parseJsonObject(bytes, 'upstream')), stopRaw: null };
}

export function encodeEmbedUsage({ usage }: EmbedAnswer): JsonObject {
  if (usage === null) return {};
  const { inputTokens: tokens } = usage;
  return { usageMetadata: { promptTokenCount: tokens, totalTokenCount: tokens } };
}

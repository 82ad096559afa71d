// How many tokens a request holds, part by part, in the order in which clouds cache prompts: tools,
// then messages. About four bytes of UTF-8 make a token.

import type { Block, CanonicalRequest } from '@entrepot/dialects/canonical';
import { estimateTokens } from '@entrepot/dialects/token-estimate';

/** One cacheable part of a prompt. */
export interface PromptPart {
  readonly text: string;
  readonly tokens: number;
  /** The caller put a cache breakpoint at its end. */
  readonly mark: '5m' | '1h' | null;
}

/** The parts of a prompt. Attachments count at a flat figure, whatever their bytes. */
export function promptParts(request: CanonicalRequest): PromptPart[] {
  const parts: PromptPart[] = [];
  if (request.tools !== undefined && request.tools.length > 0) {
    const mark = request.tools.findLast(t => t.cache !== undefined)?.cache?.ttl ?? null;
    const text = JSON.stringify(request.tools);
    parts.push({ text, tokens: estimateTokens(Buffer.byteLength(text), 0), mark });
  }
  for (const { role, content } of request.messages) {
    let gathered = new Gathered(role);
    for (const block of content) {
      gathered.add(block);
      const ttl = 'cache' in block ? block.cache?.ttl : undefined;
      if (ttl === undefined) continue;
      parts.push(gathered.part(ttl));
      gathered = new Gathered(role);
    }
    if (!gathered.isEmpty) parts.push(gathered.part(null));
  }
  return parts;
}

class Gathered {
  isEmpty = true;
  #text: string;
  #bytes = 0;
  #attachments = 0;

  constructor(role: string) {
    this.#text = role;
  }

  add(block: Block): void {
    this.isEmpty = false;
    if (block.type === 'tool_result') {
      for (const child of block.content) this.add(child);
    } else if (block.type === 'image' || block.type === 'document' || block.type === 'audio') {
      this.#text += JSON.stringify(block.source);
      this.#attachments++;
    } else {
      const text = textOf(block);
      this.#text += text;
      this.#bytes += Buffer.byteLength(text);
    }
  }

  part(mark: PromptPart['mark']): PromptPart {
    return { text: this.#text, tokens: estimateTokens(this.#bytes, this.#attachments), mark };
  }
}

type Written = Exclude<Block, { readonly type: 'tool_result' | 'image' | 'document' | 'audio' }>;

function textOf(block: Written): string {
  switch (block.type) {
    case 'tool_call':
      return block.name + block.argumentsJson;
    case 'redacted_thinking':
      return block.data;
    case 'native':
      return JSON.stringify(block.native.value) ?? '';
    default:
      return block.text;
  }
}

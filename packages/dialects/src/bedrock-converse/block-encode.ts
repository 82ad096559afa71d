// Blocks of a conversation for an upstream, each with the cache point that follows it. What has no
// block here, or may not stand where it does, is a loss.

import type { CallIds } from '../call-ids.ts';
import type {
  Block,
  CacheMark,
  RedactedThinkingBlock,
  TextBlock,
  ThinkingBlock,
  ToolCallBlock,
  ToolResultBlock,
} from '../canonical.ts';
import type { TargetModel } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { leaveDetail } from '../picture-detail.ts';
import { leaveSignature } from '../signed.ts';
import { toolInput } from '../tool-input.ts';
import type { DocumentNames } from './document-names.ts';
import { encodeAudio, encodeDocument, encodeImage } from './media-encode.ts';
import { ownValue } from './native.ts';
import { checkToolName } from './tool-name.ts';

export type Place = 'system' | 'user' | 'assistant' | 'tool_result';

const places: Readonly<Record<Block['type'], readonly Place[]>> = {
  text: ['system', 'user', 'assistant', 'tool_result'],
  refusal: ['user', 'assistant', 'tool_result'],
  image: ['user', 'assistant', 'tool_result'],
  document: ['user', 'tool_result'],
  audio: ['user'],
  tool_call: ['assistant'],
  tool_result: ['user'],
  thinking: ['assistant'],
  redacted_thinking: ['assistant'],
  native: ['system', 'user', 'assistant', 'tool_result'],
};

/** What one canonical block became: it and its cache point. */
export interface Written {
  readonly isResult: boolean;
  readonly blocks: readonly JsonObject[];
}

export class BlockEncoder {
  readonly #target: TargetModel;
  readonly #callIds: CallIds;
  readonly #names: DocumentNames;
  readonly #losses: Losses;

  constructor(target: TargetModel, callIds: CallIds, names: DocumentNames, losses: Losses) {
    this.#target = target;
    this.#callIds = callIds;
    this.#names = names;
    this.#losses = losses;
  }

  /** `path` is that of the list. Throws DialectError (unsupported) for the name of a tool. */
  encode(blocks: readonly Block[], place: Place, path: string): Written[] {
    return blocks.flatMap((block, index) => {
      const written = this.#encode(block, place, `${path}[${index}]`);
      if (written === null) return [];
      const points = cachePoint(cacheOf(block), this.#target);
      return [{ isResult: block.type === 'tool_result', blocks: [written, ...points] }];
    });
  }

  #encode(block: Block, place: Place, path: string): JsonObject | null {
    if (!places[block.type].includes(place)) {
      return this.#lose(path, `there is no place for a block of type ${block.type} here`);
    }
    switch (block.type) {
      case 'text':
        return this.#text(block, place, path);
      case 'refusal':
        return isBlank(block.text) ? null : { text: block.text };
      case 'image':
        leaveDetail(block, path, this.#losses);
        return this.#unless(encodeImage(block), path);
      case 'document':
        return this.#unless(encodeDocument(block, this.#names), path);
      case 'audio':
        return this.#unless(encodeAudio(block), path);
      case 'tool_call':
        return this.#toolUse(block, path);
      case 'tool_result':
        return this.#toolResult(block, path);
      case 'thinking':
      case 'redacted_thinking':
        return this.#thinking(block, path);
      case 'native':
        return (
          ownValue(block.native) ??
          this.#lose(path, `only ${block.native.dialect} can carry this block`)
        );
    }
  }

  /** The service refuses a blank text, which models write before calls: it says nothing. */
  #text(block: TextBlock, place: Place, path: string): JsonObject | null {
    const { text, citations } = block;
    leaveSignature(block, path, this.#losses);
    if (isBlank(text)) return null;
    if (citations === undefined) return { text };
    if (citations.dialect === 'bedrock-converse' && place === 'assistant') {
      return { citationsContent: { content: [{ text }], citations: citations.value } };
    }
    this.#losses.add(`${path}.citations`, `they are citations of ${citations.dialect}`);
    return { text };
  }

  #toolUse(block: ToolCallBlock, path: string): JsonObject {
    const { id, name, argumentsJson } = block;
    leaveSignature(block, path, this.#losses);
    checkToolName(name, `${path}.name`);
    const input = toolInput(argumentsJson);
    if (input === null) {
      this.#losses.add(`${path}.argumentsJson`, 'arguments must be a JSON object here');
    }
    return { toolUse: { toolUseId: this.#callIds.write(id), name, input: input ?? {} } };
  }

  /** Only some models take the flag of a failed call; the others are told in words. */
  #toolResult({ callId, content, isError }: ToolResultBlock, path: string): JsonObject {
    const hasFlag = takesErrorStatus.has(this.#target.vendor);
    const inner = this.encode(content, 'tool_result', `${path}.content`).flatMap(
      // A cache point has no place inside.
      written => written.blocks.slice(0, 1),
    );
    if (isError && !hasFlag) inner.unshift({ text: 'Error:' });
    const status = isError && hasFlag ? { status: 'error' } : {};
    return {
      toolResult: { toolUseId: this.#callIds.write(callId), content: inner, ...status },
    };
  }

  /** Thinking is bound by its signature to the vendor that made it; no model takes it without. */
  #thinking(block: ThinkingBlock | RedactedThinkingBlock, path: string): JsonObject | null {
    const { vendor } = this.#target;
    const isRedacted = block.type === 'redacted_thinking';
    if (!isRedacted && block.signature === undefined) {
      return this.#leaveOut(path, 'thinking is taken back only with its signature');
    }
    if (block.issuer !== vendor) {
      return this.#leaveOut(path, 'thinking that another vendor signed means nothing to the model');
    }
    if (!isRedacted) {
      const { text, signature } = block;
      return { reasoningContent: { reasoningText: { text, signature } } };
    }
    if (isBase64(block.data)) return { reasoningContent: { redactedContent: block.data } };
    return this.#leaveOut(path, 'hidden thinking is base64 here');
  }

  #unless(written: JsonObject | string, path: string): JsonObject | null {
    return typeof written === 'string' ? this.#lose(path, written) : written;
  }

  #lose(path: string, reason: string): null {
    this.#losses.add(path, reason);
    return null;
  }

  #leaveOut(path: string, reason: string): null {
    this.#losses.addMinor(path, reason);
    return null;
  }
}

const takesErrorStatus: ReadonlySet<string> = new Set(['anthropic', 'amazon']);

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/** A mark inside the answer of a tool stands behind the whole of it. */
function cacheOf(block: Block): CacheMark | undefined {
  if (!('cache' in block) && block.type !== 'tool_result') return undefined;
  if (block.cache !== undefined || block.type !== 'tool_result') return block.cache;
  return block.content.map(cacheOf).findLast(mark => mark !== undefined);
}

/** Other models refuse a cache point. */
export function takesCachePoints({ vendor }: TargetModel): boolean {
  return vendor === 'anthropic' || vendor === 'amazon';
}

/** Nothing where the model takes none; the request tells that it is left out. */
export function cachePoint(cache: CacheMark | undefined, target: TargetModel): JsonObject[] {
  if (cache === undefined || !takesCachePoints(target)) return [];
  const ttl = cache.ttl === '1h' && target.vendor === 'anthropic' ? { ttl: cache.ttl } : {};
  return [{ cachePoint: { type: 'default', ...ttl } }];
}

// Blocks of a conversation for an upstream. What has no block here, or may not stand where it does,
// is a loss.

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
import { isObject, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { leaveDetail } from '../picture-detail.ts';
import { leaveSignature } from '../signed.ts';
import { toolInput } from '../tool-input.ts';
import type { Place } from './block-decode.ts';
import { encodeDocument, encodeImage } from './source-encode.ts';
import { checkToolName } from './tool-name.ts';

const places: Readonly<Record<Block['type'], readonly Place[]>> = {
  text: ['system', 'user', 'assistant', 'tool_result'],
  refusal: ['user', 'assistant', 'tool_result'],
  image: ['user', 'tool_result'],
  document: ['user', 'tool_result'],
  audio: [],
  tool_call: ['assistant'],
  tool_result: ['user'],
  thinking: ['assistant'],
  redacted_thinking: ['assistant'],
  native: ['system', 'user', 'assistant', 'tool_result'],
};

export class BlockEncoder {
  readonly #target: TargetModel;
  readonly #callIds: CallIds;
  readonly #losses: Losses;

  constructor(target: TargetModel, callIds: CallIds, losses: Losses) {
    this.#target = target;
    this.#callIds = callIds;
    this.#losses = losses;
  }

  /** `path` is that of the list. Throws DialectError (unsupported) for the name of a tool. */
  encode(blocks: readonly Block[], place: Place, path: string): JsonObject[] {
    return blocks.flatMap((block, index) => {
      const written = this.#encode(block, place, `${path}[${index}]`);
      if (written === null) return [];
      return [{ ...written, ...cacheControl('cache' in block ? block.cache : undefined) }];
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
        return isUnsaid(block.text, place) ? null : { type: 'text', text: block.text };
      case 'image':
        leaveDetail(block, path, this.#losses);
        return this.#unless(encodeImage(block), path);
      case 'document':
        return this.#unless(encodeDocument(block), path);
      case 'tool_call':
        return this.#toolUse(block, path);
      case 'tool_result':
        return this.#toolResult(block, path);
      case 'thinking':
      case 'redacted_thinking':
        return this.#thinking(block, path);
      case 'native':
        if (block.native.dialect === 'anthropic-messages' && isObject(block.native.value)) {
          return block.native.value;
        }
        return this.#lose(path, `only ${block.native.dialect} can carry this block`);
      default:
        return null;
    }
  }

  #text(block: TextBlock, place: Place, path: string): JsonObject | null {
    const { type, text, citations } = block;
    leaveSignature(block, path, this.#losses);
    if (isUnsaid(text, place)) return null;
    if (citations === undefined) return { type, text };
    if (citations.dialect === 'anthropic-messages') {
      return { type, text, citations: citations.value };
    }
    this.#losses.add(`${path}.citations`, `they are citations of ${citations.dialect}`);
    return { type, text };
  }

  #toolUse(block: ToolCallBlock, path: string): JsonObject {
    const { id, name, argumentsJson } = block;
    leaveSignature(block, path, this.#losses);
    checkToolName(name, `${path}.name`);
    const input = toolInput(argumentsJson);
    if (input === null) {
      this.#losses.add(`${path}.argumentsJson`, 'arguments must be a JSON object here');
    }
    return { type: 'tool_use', id: this.#callIds.write(id), name, input: input ?? {} };
  }

  #toolResult({ type, callId, content, isError }: ToolResultBlock, path: string): JsonObject {
    const written = this.encode(content, 'tool_result', `${path}.content`);
    return {
      type,
      tool_use_id: this.#callIds.write(callId),
      ...(written.length === 0 ? {} : { content: plainest(written) }),
      ...(isError ? { is_error: true } : {}),
    };
  }

  /**
   * Signed thinking is bound to the vendor that signed it: to another it means nothing, and leaving
   * it out takes nothing from the conversation. Anthropic takes none without its signature.
   */
  #thinking(block: ThinkingBlock | RedactedThinkingBlock, path: string): JsonObject | null {
    const { vendor } = this.#target;
    if (block.type === 'redacted_thinking') {
      if (block.issuer === vendor) return { type: block.type, data: block.data };
      return this.#leaveOut(path, othersThinking);
    }
    const { type, text, signature, issuer } = block;
    if (signature !== undefined) {
      if (issuer === vendor) return { type, thinking: text, signature };
      return this.#leaveOut(path, othersThinking);
    }
    if (vendor !== 'anthropic') return { type, thinking: text, signature: '' };
    return this.#leaveOut(path, 'thinking is taken back only with its signature');
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

/** The API refuses an empty text, and one of spaces alone, which models write before calls. */
function isUnsaid(text: string, place: Place): boolean {
  return text === '' || (place === 'assistant' && text.trim() === '');
}

const othersThinking = 'thinking that another vendor signed means nothing to the model';

/** The blocks, or the string that says the same. */
export function plainest(blocks: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first] = blocks;
  const isPlain = blocks.length === 1 && first?.type === 'text' && Object.keys(first).length === 2;
  return isPlain && typeof first.text === 'string' ? first.text : blocks;
}

export function cacheControl(cache: CacheMark | undefined): JsonObject {
  if (cache === undefined) return {};
  const ttl = cache.ttl === '5m' ? {} : { ttl: cache.ttl };
  return { cache_control: { type: 'ephemeral', ...ttl } };
}

// The one form in which every dialect meets. Content is an ordered list of typed blocks, never a
// flat string: openai-chat is the lossy edge of this model, not its core. Nothing here knows a
// cloud, a price or a clock.

/** Reasoning effort, in the words that most dialects share. */
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
/** A prompt-cache breakpoint placed after the block or tool that carries it. */
export interface CacheMark {
  readonly ttl: '5m' | '1h';
}

/** Where the bytes of an image, a document or a sound are. `data` is base64 without line breaks. */
export type Source =
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'url'; readonly url: string; readonly mediaType?: string }
  | { readonly kind: 'text'; readonly mediaType: string; readonly text: string }
  | { readonly kind: 'file-id'; readonly fileId: string };
/** The id and phase of a block's item (openai-responses): elsewhere nothing is missing without. */
export interface OfItem {
  readonly item?: Native;
}
/** Opaque, bound to `issuer`, and to be sent back on the block that had it, be it an empty text. */
export interface Signed {
  readonly signature?: string;
  readonly issuer?: string;
}
export interface TextBlock extends OfItem, Signed {
  readonly type: 'text';
  readonly text: string;
  readonly cache?: CacheMark;
  /** Citations and annotations as their dialect wrote them; only that dialect can carry them. */
  readonly citations?: Native;
}
export interface ImageBlock {
  readonly type: 'image';
  readonly source: Source;
  readonly detail?: string;
  readonly cache?: CacheMark;
}
export interface DocumentBlock {
  readonly type: 'document';
  readonly source: Source;
  readonly name?: string;
  readonly cache?: CacheMark;
}
export interface AudioBlock {
  readonly type: 'audio';
  readonly source: Source;
}
/** `argumentsJson` is the model's own text: it may be empty (no arguments) or not valid JSON. */
export interface ToolCallBlock extends OfItem, Signed {
  readonly type: 'tool_call';
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
  readonly cache?: CacheMark;
}
/** Stands in a user message, before any other block of that message. */
export interface ToolResultBlock extends OfItem {
  readonly type: 'tool_result';
  readonly callId: string;
  readonly content: readonly Block[];
  readonly isError: boolean;
  readonly cache?: CacheMark;
}
export interface ThinkingBlock extends Signed {
  readonly type: 'thinking';
  readonly text: string;
}
export interface RedactedThinkingBlock {
  readonly type: 'redacted_thinking';
  readonly data: string;
  readonly issuer?: string;
}
export interface RefusalBlock extends OfItem {
  readonly type: 'refusal';
  readonly text: string;
}
/** Something only its own dialect can say (server tools, search results): kept whole. */
export interface NativeBlock {
  readonly type: 'native';
  readonly native: Native;
}
export interface Native {
  readonly dialect: string;
  readonly value: unknown;
}
export type Block =
  | TextBlock
  | ImageBlock
  | DocumentBlock
  | AudioBlock
  | ToolCallBlock
  | ToolResultBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | RefusalBlock
  | NativeBlock;

export interface Message {
  /** `developer` outranks `user` as `system` does; dialects without it write `system`. */
  readonly role: 'system' | 'developer' | 'user' | 'assistant';
  readonly content: readonly Block[];
  readonly name?: string;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; always has `type: 'object'`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
  /** A tool that runs at the vendor, or one with a grammar: only its own dialect can carry it. */
  readonly native?: Native;
}

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'named'; readonly name: string }
  | { readonly type: 'allowed'; readonly mode: 'auto' | 'required'; readonly names: string[] };

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly name?: string;
      readonly description?: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict?: boolean;
    };

/** What the caller said of reasoning. Budget and effort may both be absent: `enabled` alone. */
export interface Reasoning {
  readonly mode: 'enabled' | 'disabled' | 'adaptive';
  readonly effort?: Effort;
  readonly budgetTokens?: number;
  readonly display?: string;
}

export interface CanonicalRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  /** The caller asked for usage in the stream (always true where the dialect always sends it). */
  readonly includeUsage: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** How many answers are wanted (`n`); absent means one. */
  readonly candidates?: number;
  readonly logprobs?: { readonly top: number };
  readonly logitBias?: Readonly<Record<string, number>>;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly reasoning?: Reasoning;
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly serviceTier?: string;
  readonly promptCacheKey?: string;
  readonly store?: boolean;
  /** Top-level fields that only the caller's own dialect knows, by their names in it. */
  readonly extensions?: { readonly dialect: string; readonly fields: Record<string, unknown> };
}

export type StopReason =
  | 'end'
  | 'stop_sequence'
  | 'length'
  | 'context_full'
  | 'tool_call'
  | 'pause'
  | 'refusal'
  | 'content_filter'
  | 'malformed';

/** `raw` is the upstream's own word; an unknown one maps to `end` and is kept here. */
export interface Stop {
  readonly reason: StopReason;
  readonly raw: string;
  readonly sequence?: string;
}

/**
 * Tokens of one answer. `inputTokens` includes everything read from and written to the cache;
 * `outputTokens` includes reasoning. null is "the upstream did not say", never 0.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number | null;
  readonly audioInputTokens: number;
  readonly audioOutputTokens: number;
  readonly webSearches: number;
  readonly serviceTier: string | null;
  readonly source: 'provider' | 'estimated';
}

export interface Candidate {
  readonly index: number;
  readonly content: readonly Block[];
  readonly stop: Stop;
  readonly logprobs?: Native;
}

export interface CanonicalResponse {
  readonly id: string;
  readonly model: string;
  readonly createdSeconds?: number;
  readonly candidates: readonly Candidate[];
  readonly usage: Usage | null;
}

export type ErrorClass =
  | 'invalid_request'
  | 'context_length'
  | 'content_filter'
  | 'unsupported'
  | 'auth'
  | 'permission'
  | 'not_found'
  | 'wrong_method'
  | 'quota'
  | 'rate_limit'
  | 'overloaded'
  | 'timeout'
  | 'upstream'
  | 'truncated'
  | 'too_large'
  | 'unavailable'
  | 'budget';

/** One failure in the words that every dialect can say. `field` is a path in the request. */
export interface CanonicalError {
  readonly class: ErrorClass;
  readonly message: string;
  /** Machine-readable word: the upstream's code, or the gateway's own. */
  readonly code?: string;
  readonly field?: string;
  /** How long the upstream asked to be left alone. */
  readonly retryAfterMs?: number;
}

/**
 * The events of a stream, in this order: `start`, then blocks (`block_start`, `block_delta`*,
 * `block_stop`; blocks of one candidate may interleave in openai's dialects alone), then one `stop`
 * per candidate, `usage` at any time (last wins per field), and `end` or `error` last. `end` is the
 * dialect's own terminator; a stream that stops without it ends with `error` (`truncated`).
 */
export type StreamEvent =
  | { readonly type: 'start'; readonly id: string; readonly model: string }
  | {
      readonly type: 'block_start';
      readonly candidate: number;
      readonly index: number;
      readonly block: BlockStart;
    }
  | {
      readonly type: 'block_delta';
      readonly candidate: number;
      readonly index: number;
      /** Text, argument JSON, thinking text or redacted data, by the kind of the block. */
      readonly text: string;
    }
  | {
      readonly type: 'block_signature';
      readonly candidate: number;
      readonly index: number;
      readonly signature: string;
      /** Said here, it counts more than at the start of the block. */
      readonly issuer?: string;
    }
  | { readonly type: 'block_stop'; readonly candidate: number; readonly index: number }
  | { readonly type: 'stop'; readonly candidate: number; readonly stop: Stop }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'native'; readonly native: Native }
  | { readonly type: 'error'; readonly error: CanonicalError }
  | { readonly type: 'end' };

export type BlockStart =
  | ({ readonly type: 'text' } & OfItem)
  | ({ readonly type: 'thinking'; readonly issuer?: string } & OfItem)
  | { readonly type: 'redacted_thinking'; readonly issuer?: string }
  | ({ readonly type: 'refusal' } & OfItem)
  | ({ readonly type: 'tool_call'; readonly id: string; readonly name: string } & OfItem & Signed)
  | NativeBlock;

// What a wire format must be able to do. One folder per dialect exports one object of this shape;
// the gateway and the simulated clouds know nothing else of it. Everything here is pure: ids and
// times that an answer needs arrive in a context.

import type {
  CanonicalError,
  CanonicalRequest,
  CanonicalResponse,
  StreamEvent,
  Usage,
} from './canonical.ts';
import type { EmbedAnswer, EmbedRequest } from './embedding.ts';
import type { JsonMember } from './json-scan.ts';
import type { Pieces } from './pieces.ts';
import type { TokenCount } from './token-count.ts';

/** Wire formats of generations. */
export type GenerateName =
  | 'openai-chat'
  | 'openai-responses'
  | 'openai-completions'
  | 'anthropic-messages'
  | 'bedrock-converse'
  | 'bedrock-native'
  | 'gemini';
export type EmbedName =
  | 'openai-embeddings'
  | 'gemini-embed'
  | 'gemini-batch-embed'
  | 'titan-embeddings'
  | 'cohere-embeddings'
  | 'vertex-predict';
export type CountName =
  | 'openai-input-tokens'
  | 'anthropic-count-tokens'
  | 'gemini-count-tokens'
  | 'vertex-count-tokens'
  | 'bedrock-count-tokens';
export type DialectName = GenerateName | EmbedName | CountName;

/** What is asked for: an answer, vectors of texts, or how many tokens a prompt has. */
export type Operation = 'generate' | 'embed' | 'count';

/** Features a request can ask for, and an offer can have. Same words as the catalog's. */
export type Feature =
  | 'streaming'
  | 'tools'
  | 'vision'
  | 'documents'
  | 'audio'
  | 'json-schema'
  | 'reasoning'
  | 'prompt-caching'
  | 'candidates'
  | 'logprobs';

/** The model and the stream switch, where they stand in the path (Bedrock, Gemini). */
export interface PathFields {
  readonly model: string;
  readonly stream: boolean;
}

/**
 * What a full, strict look at the bytes of a request tells, without building it. null from `scan`
 * means "decode it": a routed key stands twice or is written with escapes.
 */
export interface Scan {
  readonly model: string;
  /**
   * Byte range [start, end) of the model's JSON string, quotes included; null if not in the body.
   */
  readonly modelRange: readonly [number, number] | null;
  readonly stream: boolean;
  /** The caller will see usage in the stream without our asking for it. */
  readonly includeUsage: boolean;
  /** Byte range of the `stream_options` value, where the dialect has it and the body too. */
  readonly streamOptionsRange: readonly [number, number] | null;
  readonly maxOutputTokens: number | null;
  readonly features: readonly Feature[];
  /** Estimate from the bytes of text (about 4 per token), images at a flat figure. */
  readonly inputTokens: number;
  /** How many prompts the body holds, each with the whole context to itself. Absent: one. */
  readonly prompts?: number;
  /** The body's top-level fields, where `takes` asks for them. */
  readonly fields?: ReadonlyMap<string, JsonMember>;
  /** Words that occur as keys below the top level, where `takes` asks for them. */
  readonly words?: ReadonlyMap<string, number>;
}

/** A thing that the target cannot carry. `field` is a path in the caller's own words. */
export interface Loss {
  readonly field: string;
  readonly reason: string;
  /**
   * Takes nothing from what is asked, such as another vendor's notes on how it thought: it is
   * reported, and no reason to refuse.
   */
  readonly isMinor?: true;
}

export interface EncodedRequest {
  readonly body: Uint8Array;
  readonly losses: readonly Loss[];
}

/** What an encoder must know of the model it writes for; read from the catalog by the caller. */
export interface TargetModel {
  /** The name that the service gives the model. */
  readonly name: string;
  /** Vendor of the model (`anthropic`, `openai`, ...): decides whose signatures may be sent. */
  readonly vendor: string;
  readonly maxOutputTokens: number | null;
  /** Reasoning models of openai reject `max_tokens` and sampling fields. */
  readonly reasoning: boolean;
  /** The service takes native structured output for this model. */
  readonly jsonSchema: boolean;
  /** Claude: decides by itself how much to think, by an effort. Absent means "not known". */
  readonly adaptiveThinking?: boolean | undefined;
  /** The model refuses every temperature, top_p and top_k but its own. Absent means "not known". */
  readonly rejectsSampling?: boolean | undefined;
  /** Absent where the service is the vendor's own or the dialect's own. */
  readonly host?: HostHabits | undefined;
}

/**
 * How a host that imitates openai's API differs from it. What is absent is not known to differ.
 * Names of fields are those of openai-chat.
 */
export interface HostHabits {
  /** Top-level fields that the host refuses, or takes and does nothing with. */
  readonly lacks?: readonly string[];
  /** Top-level fields that the host calls by another name. */
  readonly renames?: Readonly<Record<string, string>>;
  /** The role `developer` is understood; without it `system` is written. */
  readonly developerRole?: boolean;
  /** False: a message with a `name` is refused. */
  readonly messageNames?: boolean;
  /** The field of a message that takes thinking back; null is none. */
  readonly thinkingField?: 'reasoning_content' | 'reasoning' | null;
  /** Answers of openai-responses are kept, so that another request can refer to them. */
  readonly keepsAnswers?: boolean;
}

/** Facts of the answer that a pure encoder cannot know by itself. */
export interface AnswerContext<Request = CanonicalRequest> {
  readonly id: string;
  readonly model: string;
  readonly createdSeconds: number;
  /** Only openai-chat can leave usage out of its stream. */
  readonly includeUsage: boolean;
  /** What was asked, for a dialect whose answer depends on it; where it was decoded. */
  readonly request?: Request;
}

export interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Header names in lower case. */
export type HeaderMap = Readonly<Record<string, string | undefined>>;

export interface StreamDecoder {
  /** Bytes may be split anywhere. Throws DialectError on bytes that are not this dialect. */
  push(bytes: Uint8Array): StreamEvent[];
  /** At the end of the bytes: the missing events, closed by `end` or by `error` (truncated). */
  end(): StreamEvent[];
}

export interface StreamEncoder {
  /** The bytes of one event; empty when the dialect says nothing or holds it back. */
  push(event: StreamEvent): Uint8Array;
  /** What could not be said so far (a citation, a second candidate). */
  readonly losses: readonly Loss[];
}

/**
 * Stands beside bytes that pass through untouched. Forwards whole events only, so that an error
 * event can follow a cut at any place.
 */
export interface Tap {
  /** The bytes that may be forwarded now: complete events of what has come so far. */
  push(bytes: Uint8Array): Uint8Array;
  /** At the end of the bytes: what is left, if it is a whole event without its last blank line. */
  end(): Uint8Array;
  /** A content event has passed: from here on a failure is the caller's to see. */
  readonly started: boolean;
  /** The dialect's own terminator has passed. */
  readonly complete: boolean;
  /** The upstream said an error inside the stream. Its bytes are not forwarded by `push`. */
  readonly error: CanonicalError | null;
  readonly usage: Usage | null;
  /** The upstream's own word for why it stopped. */
  readonly stopRaw: string | null;
}

export interface TapOptions {
  /** We asked for usage and the caller did not: leave its event out. */
  readonly hideUsage: boolean;
}

/**
 * A wire format as far as a request and its whole answer go. The dialects of one operation meet in
 * its canonical `Request` and `Answer`.
 */
export interface WholeDialect<
  Request = unknown,
  Answer extends { readonly usage: Usage | null } = { readonly usage: Usage | null },
> {
  readonly name: DialectName;
  readonly operation: Operation;
  /** What the catalog calls the API that it is a part of; absent where that is its own name. */
  readonly partOf?: string;
  /** Where clients look for the id of a request; absent where that is `x-request-id`. */
  readonly requestIdHeader?: string;

  /** Strict: throws DialectError for what is not valid JSON, too deep, or has no model. */
  scan(body: Uint8Array, path?: PathFields): Scan | null;
  /** The same body for another model, and asking for usage: bytes spliced, nothing re-written. */
  splice(body: Uint8Array, scan: Scan, model: string): Pieces;
  /** As `splice`, for an upstream that keeps answers unless it is told not to: it is told. */
  spliceUnkept?(body: Uint8Array, scan: Scan, target: TargetModel): Pieces;
  /**
   * False where this target would not do what the bytes say: they are decoded. Absent: it would.
   */
  takes?(body: Uint8Array, scan: Scan, target: TargetModel): boolean;

  decodeRequest(body: Uint8Array, path?: PathFields): Request;
  encodeRequest(request: Request, target: TargetModel): EncodedRequest;

  decodeResponse(body: Uint8Array, headers: HeaderMap, context: AnswerContext<Request>): Answer;
  encodeResponse(answer: Answer, context: AnswerContext<Request>): EncodedRequest;
  /** Usage and stop reason of a whole answer that passes through. */
  readUsage(body: Uint8Array, headers?: HeaderMap): { usage: Usage | null; stopRaw: string | null };

  decodeError(status: number, headers: HeaderMap, body: Uint8Array): CanonicalError;
  encodeError(error: CanonicalError, requestId: string): EncodedError;

  /**
   * Paths of the canonical request without which it asks for something else: where one of them
   * cannot be carried the request is refused, whatever else may be dropped.
   */
  readonly vital: ReadonlySet<string>;

  /** A path of the canonical request in this dialect's own words (`candidates` -> `n`). */
  fieldName(canonicalPath: string): string;
}

export type EmbedDialect = WholeDialect<EmbedRequest, EmbedAnswer>;
/** Counts the prompt of a generation: what it asks for besides has no tokens. */
export type CountDialect = WholeDialect<CanonicalRequest, TokenCount>;

/** A wire format of generations, which may be streamed. */
export interface Dialect extends WholeDialect<CanonicalRequest, CanonicalResponse> {
  readonly name: GenerateName;
  readonly operation: 'generate';
  readonly streamContentType: string;
  /** The event that ends a broken stream: an error, never the terminator of a whole one. */
  encodeStreamError(error: CanonicalError): Uint8Array;
  decoder(context: AnswerContext): StreamDecoder;
  encoder(context: AnswerContext): StreamEncoder;
  tap(options: TapOptions): Tap;
}

/** The dialect with its streams. Throws Error for an operation that has none. */
export function streaming(dialect: WholeDialect): Dialect {
  if (dialect.operation !== 'generate') throw new Error(`${dialect.name} has no streams`);
  return dialect as Dialect;
}

/** A body or a stream that is not what the dialect says it must be. */
export class DialectError extends Error {
  readonly code = 'ENTREPOT_DIALECT';
  readonly error: CanonicalError;
  constructor(error: CanonicalError) {
    super(error.message);
    this.name = 'DialectError';
    this.error = error;
  }
}

// A cloud is transport, authentication and addressing, and nothing else: it knows no dialect's
// insides. One folder per cloud exports one object of this shape.

import type { Offer } from '@entrepot/catalog/offer';
import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { DialectName, HeaderMap, HostHabits } from '@entrepot/dialects/dialect';
import type { Pieces } from '@entrepot/dialects/pieces';
import type { Failure } from '@entrepot/engine/outcome';
import type { Target } from '../config/target.ts';

/** Where one call goes. `path` is already percent-encoded and starts with `/`. */
export interface Address {
  readonly origin: string;
  readonly path: string;
}

export interface Call extends Address {
  readonly method: 'POST' | 'GET';
  /** Flat list of name, value, name, value. Names in lower case. */
  readonly headers: string[];
  readonly body: Pieces;
  /**
   * Of a credential that ends: lets go of it, because it was refused before its time. False where
   * it was renewed for that a moment ago. `nowMs` is Unix time.
   */
  readonly renew?: (nowMs: number) => boolean;
}

/** What stands in the way of calling a target; `field` is the field of the configuration. */
export interface TargetProblem {
  readonly field: 'endpoint' | 'modelName' | 'apiVersion' | 'project' | 'region' | 'credential';
  readonly message: string;
}

/** Bytes of a stream in a cloud's own framing become those of the dialect in it. */
export interface Unframer {
  /** Bytes may be split anywhere. Throws DialectError on bytes that are not this framing. */
  push(bytes: Uint8Array): Uint8Array;
  /** What the framing itself said went wrong; null where it says nothing. */
  readonly error: CanonicalError | null;
}

/** How a dialect's bytes are carried at a cloud that does not take them just as they are. */
export interface Carriage {
  /** Top-level members taken out of the body: the path or the service says them instead. */
  readonly without: readonly string[];
  /** Top-level members put into the body: name to JSON text. */
  readonly put: Readonly<Record<string, string>>;
  /** The member that takes the betas of the `anthropic-beta` header; null where that goes on. */
  readonly betaMember: string | null;
  /**
   * The betas that are known there, by Anthropic's name, with the cloud's own: others are a 400
   * there, and do not go on. Absent where all of them go on.
   */
  readonly betas?: ReadonlyMap<string, string>;
  /** Begins the reading of one stream; null where streams come in the dialect's own form. */
  readonly unframer: (() => Unframer) | null;
  /** The dialect in whose words refusals come; null for that of the answers. */
  readonly refusals: DialectName | null;
}

export interface Cloud {
  readonly name: string;
  /** The dialects that this cloud's service is spoken to in; the first is the default. */
  readonly dialects: readonly DialectName[];
  /** Whether an offer is spoken to in a dialect, where its own list does not say it by name. */
  speaks?(offer: Offer, dialect: DialectName): boolean;
  /** Absent or null: the bytes of the dialect as they are. */
  carriage?(dialect: DialectName): Carriage | null;
  /** Checked when the configuration is loaded, and again before a target is first called. */
  problems(target: Target): readonly TargetProblem[];
  address(target: Target, dialect: DialectName, stream: boolean): Address;
  /**
   * Adds the credential. Sync where it can be (a static key): the hot path makes no promise.
   * `nowMs` is Unix time, for signatures. Rejects with CredentialError when none can be had.
   */
  authorize(call: Call, target: Target, nowMs: number): Call | Promise<Call>;
  /**
   * What an answer that is not a success means: by the status, or by the error's class alone where
   * it came inside a stream that began with 200. `nowMs` is Unix time, for dates in retry-after.
   */
  classify(status: number, headers: HeaderMap, error: CanonicalError, nowMs: number): Failure;
  /** How the host differs from the service whose dialect it speaks; absent where it does not. */
  habits?(target: Target): HostHabits;
  /**
   * The operator says what is there: an endpoint with a path, headers of one's own, no credential,
   * quirks. Elsewhere these are known, and saying them is a mistake.
   */
  readonly isFreeForm?: true;
  /** The header under which the upstream names the request; null where it has none. */
  readonly requestIdHeader: string | null;
}

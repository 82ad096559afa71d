// What stands between the bytes of an upstream's stream and the bytes for the caller: a tap when
// both speak the same dialect, a decoder and an encoder when they do not.

import type { CanonicalError, StreamEvent, Usage } from '@entrepot/dialects/canonical';
import type {
  AnswerContext,
  Dialect,
  StreamDecoder,
  StreamEncoder,
  Tap,
} from '@entrepot/dialects/dialect';

export interface StreamReader {
  /** The bytes for the caller. May throw DialectError: the upstream does not speak its protocol. */
  push(bytes: Uint8Array): Uint8Array;
  /** At the end of the upstream's bytes. */
  end(): Uint8Array;
  /** The event that tells the caller that the stream broke. */
  breakOff(error: CanonicalError): Uint8Array;
  /** Content has come: from here on a failure is the caller's to see. */
  readonly started: boolean;
  /** The upstream's own terminator has come. */
  readonly complete: boolean;
  /** The upstream said an error inside its stream. */
  readonly error: CanonicalError | null;
  readonly usage: Usage | null;
  readonly stopRaw: string | null;
  /** Fields of the answer that the caller's dialect could not carry, in its words. */
  readonly lost: readonly string[];
}

export class PassReader implements StreamReader {
  readonly #dialect: Dialect;
  readonly #tap: Tap;
  readonly lost: readonly string[] = [];

  constructor(dialect: Dialect, hideUsage: boolean) {
    this.#dialect = dialect;
    this.#tap = dialect.tap({ hideUsage });
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.#tap.push(bytes);
  }

  end(): Uint8Array {
    return this.#tap.end();
  }

  breakOff(error: CanonicalError): Uint8Array {
    return this.#dialect.encodeStreamError(error);
  }

  get started(): boolean {
    return this.#tap.started;
  }

  get complete(): boolean {
    return this.#tap.complete;
  }

  get error(): CanonicalError | null {
    return this.#tap.error;
  }

  get usage(): Usage | null {
    return this.#tap.usage;
  }

  get stopRaw(): string | null {
    return this.#tap.stopRaw;
  }
}

export class TranslatingReader implements StreamReader {
  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder;
  readonly #to: Dialect;
  started = false;
  complete = false;
  error: CanonicalError | null = null;
  usage: Usage | null = null;
  stopRaw: string | null = null;

  constructor(from: Dialect, to: Dialect, context: AnswerContext) {
    this.#decoder = from.decoder(context);
    this.#encoder = to.encoder(context);
    this.#to = to;
  }

  get lost(): readonly string[] {
    return this.#encoder.losses.map(loss => this.#to.fieldName(loss.field));
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.#translate(this.#decoder.push(bytes));
  }

  end(): Uint8Array {
    return this.#translate(this.#decoder.end());
  }

  breakOff(error: CanonicalError): Uint8Array {
    return this.#encoder.push({ type: 'error', error });
  }

  #translate(events: readonly StreamEvent[]): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const event of events) {
      this.#note(event);
      // The error event is written by whoever ends the stream, in one place for both readers.
      if (event.type === 'error') break;
      const part = this.#encoder.push(event);
      if (part.length > 0) parts.push(part);
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  #note(event: StreamEvent): void {
    switch (event.type) {
      case 'block_start':
      case 'block_delta':
      case 'stop':
        this.started = true;
        if (event.type === 'stop') this.stopRaw = event.stop.raw;
        break;
      case 'usage':
        this.usage = event.usage;
        break;
      case 'error':
        this.error = event.error;
        break;
      case 'end':
        this.complete = true;
        break;
      default:
    }
  }
}

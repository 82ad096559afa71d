// Ids of calls as this dialect takes them: 64 characters. Other dialects allow more, and ids only
// need to match within one request.

const maxChars = 64;

export class CallIds {
  readonly #short = new Map<string, string>();

  /** The id itself, or a short one that stands for it throughout the request. */
  write(id: string): string {
    if (id.length <= maxChars) return id;
    const short = this.#short.get(id) ?? `call_entrepot_${this.#short.size + 1}`;
    this.#short.set(id, short);
    return short;
  }
}

// Ids of tool calls as hosts of this dialect take them. The API allows 40 characters; other
// dialects allow more, and ids only need to match within one request.

const maxChars = 40;

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

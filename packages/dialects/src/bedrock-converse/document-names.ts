// Names of documents as the service takes them: few characters, and no name twice in a request.

const maxChars = 200;

export class DocumentNames {
  readonly #used = new Set<string>();

  /** The name with what is not allowed in it replaced, and a number where it has been used. */
  write(name: string | undefined): string {
    const plain = (name ?? '')
      .replace(/[^a-zA-Z0-9\s\-()[\]]+/g, '-')
      .replace(/\s+/g, ' ')
      .trim();
    const base = plain === '' ? 'document' : plain;
    let made = base.slice(0, maxChars).trim();
    for (let count = 2; this.#used.has(made); count++) {
      const suffix = ` (${count})`;
      made = base.slice(0, maxChars - suffix.length).trim() + suffix;
    }
    this.#used.add(made);
    return made;
  }
}

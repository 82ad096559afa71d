// A scenario's YAML as records whose problems name the line on which each entry of a list begins.

import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { CatalogFile } from '../catalog.ts';
import { Fields, type Place } from '../fields.ts';
import { CatalogError, type Problem } from '../problem.ts';

export class ScenarioDocument {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();

  /** Throws CatalogError when the text is not YAML. */
  constructor(file: CatalogFile) {
    this.#file = file.path;
    this.#document = parseDocument(file.text, { lineCounter: this.#lines });
    for (const error of this.#document.errors) {
      const line = error.linePos?.[0].line ?? 1;
      const message = `must be YAML: ${error.message}`;
      this.problems.push({ file: file.path, line, field: '', message });
    }
    if (this.problems.length > 0) throw new CatalogError(this.problems);
  }

  root(known: readonly string[]): Fields {
    const top = { file: this.#file, line: 1 };
    return new Fields(this.#document.toJS(), known, top, this.problems);
  }

  /** The entries of a list; none when there is no list at that path. */
  list(path: readonly string[], known: readonly string[]): readonly Fields[] {
    const node = this.#document.getIn(path, true);
    if (!isSeq(node)) {
      if (isMap(node) || (isScalar(node) && node.value !== null)) {
        this.#fields({}, node, [], path.join('.')).problem(null, 'must be a list');
      }
      return [];
    }
    const values: unknown = node.toJS(this.#document);
    return (values as readonly unknown[]).map((value, i) =>
      this.#fields(value, node.items[i], known, `${path.join('.')}[${i}]`),
    );
  }

  /** One set of fields; null when there is nothing at that path. */
  object(path: readonly string[], known: readonly string[]): Fields | null {
    const node = this.#document.getIn(path, true);
    const value = (node as { toJS?: (doc: unknown) => unknown } | undefined)?.toJS?.(
      this.#document,
    );
    return value == null ? null : this.#fields(value, node, known, path.join('.'));
  }

  /** The keys of a map that is named freely. */
  keys(path: readonly string[]): readonly string[] {
    const node = this.#document.getIn(path);
    return isMap(node) ? node.items.map(({ key }) => String(key)) : [];
  }

  #fields(value: unknown, node: unknown, known: readonly string[], path: string): Fields {
    const offset = (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
    const place: Place = { file: this.#file, line: this.#lines.linePos(offset).line };
    return new Fields(value, known, place, this.problems, path);
  }
}

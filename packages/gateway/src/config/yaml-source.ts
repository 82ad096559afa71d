// A YAML file as values and as places: where the value or the key of a path stands in the text.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { type ConfigProblem, formatPath } from './problem.ts';

export type Path = readonly (string | number)[];

/** The library's own messages quote the text, in which a secret may stand. */
const syntaxMessages: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation is wrong here',
  BLOCK_AS_IMPLICIT_KEY: 'a nested block cannot stand on the line of its key',
  DUPLICATE_KEY: 'this field stands twice',
  MISSING_CHAR: 'a closing bracket, a quote, a comma or a colon is missing here',
  MULTIPLE_DOCS: 'there is a second document here; there must be one',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
};

export class YamlSource {
  readonly file: string;
  /** Plain values; undefined when the text is not YAML. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(text: string, file: string) {
    this.file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const { errors, warnings } = this.#document;
    const problems = [...errors, ...warnings].map(e => this.#syntaxProblem(e.pos[0], e.code));
    if (problems.length === 0) this.value = this.#toValue(problems);
    this.problems = problems;
  }

  /** A problem with the value at a path, or with the nearest thing around it that is there. */
  problem(path: Path, message: string): ConfigProblem {
    return { ...this.#place(this.#offset(path, 'value')), field: formatPath(path), message };
  }

  /** A problem with a key itself: a field that must not be there. */
  keyProblem(path: Path, message: string): ConfigProblem {
    return { ...this.#place(this.#offset(path, 'key')), field: formatPath(path), message };
  }

  #toValue(problems: ConfigProblem[]): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch {
      problems.push({
        ...this.#place(0),
        field: '',
        message: 'an alias is unknown or unfolds to too much',
      });
      return undefined;
    }
  }

  #syntaxProblem(offset: number, code: string): ConfigProblem {
    const message = syntaxMessages[code] ?? `is not valid YAML (${code})`;
    return { ...this.#place(offset), field: '', message };
  }

  #place(offset: number): Pick<ConfigProblem, 'file' | 'line' | 'column'> {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #offset(path: Path, wanted: 'key' | 'value'): number {
    let node: Node | null = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const [i, part] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document) ?? null;
      const pair: Pair | undefined = isMap(node)
        ? node.items.find(item => isScalar(item.key) && String(item.key.value) === String(part))
        : undefined;
      const child: unknown = isSeq(node) ? node.items[Number(part)] : pair?.value;
      const isLast = i === path.length - 1;
      const key = startOf(pair?.key);
      if (isLast && wanted === 'key' && key !== null) return key;
      node = isNode(child) ? child : null;
      offset = startOf(node) ?? key ?? offset;
      if (node === null) break;
    }
    return offset;
  }
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

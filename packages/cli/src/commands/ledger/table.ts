// Columns that stand under each other, one line at a time: a follower prints before it knows what
// comes, so that a column may grow later.

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly minWidth?: number;
}

export class Table {
  readonly #columns: readonly Column[];
  readonly #widths: number[];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#widths = columns.map(c => Math.max(c.title.length, c.minWidth ?? 0));
  }

  /** Makes room for rows that are going to be printed. */
  fit(rows: readonly (readonly string[])[]): void {
    for (const row of rows) {
      for (const [i, cell] of row.entries()) {
        this.#widths[i] = Math.max(this.#widths[i] ?? 0, cell.length);
      }
    }
  }

  head(): string {
    return this.line(this.#columns.map(c => c.title));
  }

  line(row: readonly string[]): string {
    this.fit([row]);
    const cells = row.map((cell, i) => {
      const width = this.#widths[i] ?? 0;
      return this.#columns[i]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
    });
    return cells.join('  ').trimEnd();
  }
}

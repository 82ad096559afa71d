// What a run of the scale measurements found, as it is kept in bench/results/scale.json.

export interface ScaleResult {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly node: string;
  };
  readonly dimensions: readonly DimensionResult[];
}

export interface DimensionResult extends Measured {
  /** Of the checkout; with `-dirty` where it was changed. */
  readonly commit: string;
  readonly date: string;
  /** Nothing else ran on the machine when it began, by its load average. */
  readonly quiet: boolean;
}

export interface Measured {
  readonly name: string;
  /** What was done, in one sentence. */
  readonly how: string;
  /** What grows: `keys`. */
  readonly grows: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly unit: Unit;
  /** Shown also as a ratio to the first row. */
  readonly ratio?: true;
}

/** How a figure is written; bytes and times in the unit of the column's title. */
export type Unit = 'count' | 'us' | 'ms' | 'MB' | 'KB' | 'GB' | 's' | 'bytes';

export interface Row {
  /** How large what grows was. */
  readonly value: number;
  /** By key of the columns; null where it was not measured. */
  readonly figures: Readonly<Record<string, number | null>>;
}

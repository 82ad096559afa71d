/** One thing that is wrong with a file of the catalog. */
export interface Problem {
  /** Path as it was given to the loader, relative to the catalog's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Path of the field in its record (`prices[1].from`); empty when the whole record is meant. */
  readonly field: string;
  /** What is wrong, and what is allowed. */
  readonly message: string;
}

/** `offers/bedrock.jsonl:12: prices[0].from: ...`: the form that editors can jump to. */
export function formatProblem(problem: Problem): string {
  const field = problem.field === '' ? '' : `${problem.field}: `;
  return `${problem.file}:${problem.line}: ${field}${problem.message}`;
}

/** All problems of a catalog at once. */
export class CatalogError extends Error {
  readonly code = 'ENTREPOT_CATALOG';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'CatalogError';
    this.problems = problems;
  }
}

/** What is wrong with the catalog or a scenario that `work` reads; empty when nothing is. */
export function problemsOf(work: () => void): Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof CatalogError) return [...error.problems];
    throw error;
  }
}

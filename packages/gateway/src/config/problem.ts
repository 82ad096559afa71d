// What is wrong with a configuration file, and where. No message ever shows a value of the file
// other than names: a secret may have slipped into any field.

export interface ConfigProblem {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** `deployments[0].credential.apiKey`; empty when the whole file is meant. */
  readonly field: string;
  /** What is wrong, what is allowed, and what may have been meant. */
  readonly message: string;
}

/** `entrepot.yaml:12:5: listen.port: ...`: the form that editors can jump to. */
export function formatProblem(problem: ConfigProblem): string {
  const { file, line, column, field, message } = problem;
  return `${file}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message}`;
}

/** All problems of a file at once, in the order of their lines. */
export class ConfigError extends Error {
  readonly code = 'ENTREPOT_CONFIG';
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(ordered.map(formatProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = ordered;
  }
}

/** `deployments[0].name` */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

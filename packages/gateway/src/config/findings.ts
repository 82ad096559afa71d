import type { ConfigProblem } from './problem.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** What is found while a file is resolved: errors, which stop the start, and warnings. */
export class Findings {
  readonly problems: ConfigProblem[];
  readonly warnings: ConfigProblem[] = [];
  readonly #source: YamlSource;

  constructor(source: YamlSource, problems: readonly ConfigProblem[]) {
    this.#source = source;
    this.problems = [...problems];
  }

  error(path: Path, message: string): void {
    this.problems.push(this.#source.problem(path, message));
  }

  warn(path: Path, message: string): void {
    this.warnings.push(this.#source.problem(path, message));
  }

  /** Notes the second and every further use of a name. `taken` says where the first one stands. */
  claim(taken: Map<string, Path>, name: string, path: Path): void {
    if (taken.has(name)) this.error(path, `the name ${name} is taken; names must be unique`);
    else taken.set(name, path);
  }
}

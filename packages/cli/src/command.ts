// What every command is: a name, a help text with an example, options, and a function. main.ts
// finds the command, parses, and turns what it throws into a message and an exit code.

import type { ParseArgsOptionsConfig } from 'node:util';

export interface CommandInput {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | string[] | undefined>>;
}

export interface Output {
  /** Results: stdout. */
  print(text: string): void;
  /** Progress and notices: stderr. */
  note(text: string): void;
  readonly isTerminal: boolean;
  /** Characters in a line of the terminal that results go to; endless elsewhere. */
  readonly width: number;
}

export interface Command {
  /** `catalog offers`, `serve`, ... */
  readonly name: string;
  readonly summary: string;
  /** Whole help text: usage, options, at least one example. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** Exit code: 0 done, 1 the answer is no, 2 wrong use, 3 failed. */
  run(input: CommandInput, output: Output): Promise<number>;
}

/** A message for the user, with what to do; no stack is shown. */
export class UsageError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 2) {
    super(message);
    this.name = 'UsageError';
    this.exitCode = exitCode;
  }
}

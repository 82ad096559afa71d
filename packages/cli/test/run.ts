// A command run in this process, with arguments parsed as the entrepot command parses them.

import { parseArgs } from 'node:util';
import type { Command } from '../src/command.ts';

export interface Ran {
  readonly code: number;
  /** What it printed and noted. */
  readonly text: string;
  readonly notes: string;
}

export async function run(command: Command, ...args: string[]): Promise<Ran> {
  const printed: string[] = [];
  const noted: string[] = [];
  const { values, positionals } = parseArgs({
    args,
    options: command.options,
    allowPositionals: true,
    strict: true,
  });
  const code = await command.run(
    { values: values as Record<string, string | boolean>, positionals },
    {
      print: text => printed.push(text),
      note: text => noted.push(text),
      isTerminal: false,
      width: 100,
    },
  );
  return { code, text: printed.join('\n'), notes: noted.join('\n') };
}

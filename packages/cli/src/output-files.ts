// Files that a command writes: whether it can is found out before it works for long.

import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EmittedFile } from '@entrepot/planner/emit/planned-job';
import { type CommandInput, type Output, UsageError } from './command.ts';

/** Throws UsageError for an option that names a file which cannot be written. */
export function checkOutputFiles(
  { values }: Pick<CommandInput, 'values'>,
  options: readonly string[],
): void {
  if (values.html === '-') throw new UsageError('--html takes a file: a page is not for terminals');
  for (const option of options) {
    const file = values[option];
    if (typeof file !== 'string' || file === '-') continue;
    try {
      if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder');
      accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
    } catch (cause) {
      throw new UsageError(`--${option} ${file} cannot be written: ${(cause as Error).message}`);
    }
  }
}

/** Writes the file that an option names. Throws UsageError. */
export function write(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new UsageError(`--${option} ${file} cannot be written: ${(cause as Error).message}`, 3);
  }
}

/** Writes files into the folder of --out, which is made, and says which. Throws UsageError. */
export function writeFolder(folder: string, files: readonly EmittedFile[], output: Output): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UsageError(`--out ${folder} cannot be made: ${(cause as Error).message}`, 3);
  }
  for (const { path, text } of files) {
    write('out', join(folder, path), text);
    output.note(`wrote ${join(folder, path)}`);
  }
}

import { readFileSync, statSync } from 'node:fs';
import type { Market } from '@entrepot/catalog/as-of';
import { parseConfig } from './parse-config.ts';
import { ConfigError } from './problem.ts';
import { type ResolvedConfig, resolveConfig } from './resolve-config.ts';
import type { Environment } from './secret-source.ts';

/** Written by people: what is larger than this is another file. */
const longestFileBytes = 4 * 1024 * 1024;

/**
 * Reads, checks and resolves a configuration file. Throws ConfigError with all that is wrong, also
 * when the file cannot be read.
 */
export function loadConfig(file: string, market: Market, env: Environment): ResolvedConfig {
  return resolveConfig(parseConfig(readConfig(file), file), market, env);
}

/** The text of a configuration file. Throws ConfigError when it cannot be read. */
export function readConfig(file: string): string {
  const failed = (message: string): ConfigError =>
    new ConfigError([{ file, line: 1, column: 1, field: '', message }]);
  try {
    if (statSync(file).size <= longestFileBytes) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw failed(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  throw failed(`is larger than ${longestFileBytes} bytes`);
}

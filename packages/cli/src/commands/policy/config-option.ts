// Which configuration is meant by commands that change what is promoted for one.

import { readConfig } from '@entrepot/gateway/config/load-config';
import { parseConfig } from '@entrepot/gateway/config/parse-config';
import { ConfigError } from '@entrepot/gateway/config/problem';
import { type CommandInput, UsageError } from '../../command.ts';
import { promotedFolder } from '../../promoted/promoted.ts';
import { textOf } from '../catalog/arguments.ts';

export const configHelp: string =
  '  --config FILE   the configuration that it is for (entrepot.yaml)';

export interface OfConfig {
  readonly file: string;
  readonly folder: string;
  readonly routes: readonly string[];
}

/** Throws UsageError when the file cannot be read. */
export function configOf(input: CommandInput): OfConfig {
  const file = textOf(input, 'config') ?? 'entrepot.yaml';
  try {
    const { routes } = parseConfig(readConfig(file), file);
    const names = routes.entries.map(({ value }) => value.name);
    return { file, folder: promotedFolder(file), routes: names };
  } catch (cause) {
    if (cause instanceof ConfigError) throw new UsageError(`--config: ${cause.message}`);
    throw cause;
  }
}

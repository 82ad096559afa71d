import { existsSync } from 'node:fs';
import { type Command, type CommandInput, type Output, UsageError } from '../../command.ts';
import {
  type HistoryLine,
  policyHistory,
  rollbackPolicy,
  versionFolder,
} from '../../promoted/policy-versions.ts';
import { restart } from '../../promoted/restart.ts';
import { textOf } from '../catalog/arguments.ts';
import { configHelp, configOf } from './config-option.ts';

export const rollback: Command = {
  name: 'policy rollback',
  summary: 'Put an earlier version of the policies in force again.',
  help: `Usage: entrepot policy rollback [--to VERSION] [options]

Puts the version in force that was before the present one, or the one that is named; version 0 is
what the configuration says itself. The gateway uses it when it is started the next time.

  --to VERSION    this version
${configHelp}

Example: entrepot policy rollback --to 2 --config entrepot.yaml`,
  options: { to: { type: 'string' }, config: { type: 'string' } },
  run,
};

async function run(input: CommandInput, output: Output): Promise<number> {
  if (input.positionals.length > 0) {
    throw new UsageError(`takes no argument "${input.positionals[0]}"; see --to`);
  }
  const { folder } = configOf(input);
  const lines = policyHistory(folder);
  const present = lines.at(-1)?.version ?? 0;
  const version = wanted(textOf(input, 'to'), lines, present);
  if (version === present) throw new UsageError(`version ${version} is in force already`, 1);
  if (version !== 0 && !existsSync(versionFolder(folder, version))) {
    throw new UsageError(`there is no version ${version}; "entrepot policy history" lists all`, 1);
  }
  const promoted = lines.find(line => line.version === version);
  const title = version === 0 ? 'as the configuration says' : (promoted?.title ?? '');
  const scenario = promoted?.scenario ?? null;
  rollbackPolicy(folder, { at: new Date().toISOString(), version, title, scenario });
  output.print(`Policy version ${version}: ${title}`);
  output.note(restart);
  return 0;
}

/** Without a wish: the one that was in force before the present one came into force. */
function wanted(text: string | null, lines: readonly HistoryLine[], present: number): number {
  if (text !== null) {
    if (/^\d{1,6}$/.test(text)) return Number(text);
    throw new UsageError(`--to must be the number of a version, not "${text}"`);
  }
  if (present === 0) throw new UsageError('nothing is promoted, so there is no way back', 1);
  const since = lines.findIndex(line => line.version === present);
  return lines[since - 1]?.version ?? 0;
}

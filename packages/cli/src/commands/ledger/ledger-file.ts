// Opens the ledger that a command was pointed at, or says what to do.

import { existsSync } from 'node:fs';
import { LedgerError } from '@entrepot/gateway/ledger/ledger-error';
import { type LedgerReader, readLedger } from '@entrepot/gateway/ledger/read-ledger';
import { type CommandInput, UsageError } from '../../command.ts';

/** Where a gateway writes when its configuration names no other file. */
const defaultPath = 'entrepot.db';

/**
 * Runs `use` on the ledger of `--db` and closes it. Throws UsageError when there is none, which
 * tells the option that names one.
 */
export async function withLedger(
  values: CommandInput['values'],
  use: (ledger: LedgerReader) => Promise<void>,
  option = '--db',
): Promise<void> {
  const ledger = open(typeof values.db === 'string' ? values.db : defaultPath, option);
  try {
    await use(ledger);
  } finally {
    await ledger.close();
  }
}

function open(path: string, option: string): LedgerReader {
  if (!existsSync(path)) {
    const hint = 'A gateway writes one (ledger.path in its configuration); name it with';
    throw new UsageError(`there is no ledger at ${path}. ${hint} ${option} FILE.`);
  }
  try {
    return readLedger(path);
  } catch (error) {
    if (error instanceof LedgerError) throw new UsageError(`${error.message}.`);
    throw error;
  }
}

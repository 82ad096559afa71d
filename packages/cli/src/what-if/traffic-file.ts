// Where the traffic is: a file as it was named, or what the ledger holds now, written beside as
// Parquet for the time of the command: a gateway that writes the ledger waits for no replay.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerReader } from '@entrepot/gateway/ledger/read-ledger';
import { TrafficError } from '@entrepot/traffic/traffic-error';
import { UsageError } from '../command.ts';
import { withLedger } from '../commands/ledger/ledger-file.ts';
import { exportLedger } from '../ledger/export-ledger.ts';
import type { WhatIfSpec } from './what-if-spec.ts';

/** The traffic as a user names it, and the file that `ledger` stands for. */
export type NamedTraffic = Pick<WhatIfSpec, 'traffic' | 'ledger'>;

/** The ledger that the traffic is in; null for a file of another kind. */
export function ledgerOf({ traffic, ledger }: NamedTraffic): string | null {
  if (traffic === 'ledger') return ledger;
  return /\.(db|sqlite3?)$/.test(traffic) ? traffic : null;
}

/** Runs `use` with the file. Throws UsageError. */
export async function withTrafficFile<T>(
  spec: NamedTraffic,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const database = ledgerOf(spec);
  if (database === null) return await use(spec.traffic);
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-ledger-'));
  const file = join(folder, 'ledger.parquet');
  try {
    const copy = async (reader: LedgerReader): Promise<void> => {
      await exportLedger(reader, file).catch(cause => {
        throw cause instanceof TrafficError ? new UsageError(cause.message) : cause;
      });
    };
    await withLedger({ db: database }, copy, '--ledger');
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

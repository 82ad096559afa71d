import { TrafficError } from '@entrepot/traffic/traffic-error';
import { type Command, UsageError } from '../../command.ts';
import { exportLedger } from '../../ledger/export-ledger.ts';
import { withLedger } from './ledger-file.ts';

const help = `Usage: entrepot ledger export FILE.parquet [--db FILE]

Writes all settled requests as Parquet, a row each, with tokens, charge and times; attempts are JSON
in a column of text. A gateway that writes the ledger meanwhile is not disturbed. "entrepot what-if"
reads the file, and so do DuckDB, Spark, pandas and the like.

Options:
  --db FILE     the ledger (default: entrepot.db)

Example: entrepot ledger export requests.parquet --db /var/lib/entrepot/ledger.db`;

export const exportCommand: Command = {
  name: 'ledger export',
  summary: 'Write the requests of the ledger as Parquet.',
  help,
  options: { db: { type: 'string' } },
  async run({ positionals, values }, output) {
    const [file] = positionals;
    if (file === undefined || positionals.length > 1 || !file.endsWith('.parquet')) {
      throw new UsageError('takes one file to write, whose name ends in .parquet');
    }
    await withLedger(values, async ledger => {
      const count = await exportLedger(ledger, file).catch(explain(file));
      output.note(`${count} requests in ${file}`);
    });
    return 0;
  },
};

/** What the user can do about it. */
function explain(file: string): (cause: unknown) => never {
  return cause => {
    const message = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    if (cause instanceof TrafficError) throw new UsageError(message!);
    throw new UsageError(`${file} cannot be written: ${message}`, 3);
  };
}

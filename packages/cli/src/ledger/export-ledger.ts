// The ledger's requests in a Parquet file: a row each, with its attempts as JSON.

import type { LedgerRecord } from '@entrepot/gateway/ledger/ledger-record';
import type { LedgerReader } from '@entrepot/gateway/ledger/read-ledger';
import { type CellType, ParquetWriter } from '@entrepot/traffic/parquet-writer';

type Field = Exclude<keyof LedgerRecord, 'attempts'>;

const columns: readonly (readonly [field: Field, name: string, type: CellType])[] = [
  ['requestId', 'request_id', 'VARCHAR'],
  ['startedAtMs', 'started_at_ms', 'BIGINT'],
  ['settledAtMs', 'settled_at_ms', 'BIGINT'],
  ['key', 'key', 'VARCHAR'],
  ['route', 'route', 'VARCHAR'],
  ['dialect', 'dialect', 'VARCHAR'],
  ['stream', 'stream', 'BOOLEAN'],
  ['outcome', 'outcome', 'VARCHAR'],
  ['status', 'status', 'BIGINT'],
  ['error', 'error', 'VARCHAR'],
  ['ttftMs', 'ttft_ms', 'DOUBLE'],
  ['totalMs', 'total_ms', 'DOUBLE'],
  ['addedMs', 'added_ms', 'DOUBLE'],
  ['deployment', 'deployment', 'VARCHAR'],
  ['offer', 'offer', 'VARCHAR'],
  ['cloud', 'cloud', 'VARCHAR'],
  ['model', 'model', 'VARCHAR'],
  ['inputTokens', 'input_tokens', 'BIGINT'],
  ['cachedReadTokens', 'cached_read_tokens', 'BIGINT'],
  ['cacheWriteTokens', 'cache_write_tokens', 'BIGINT'],
  ['outputTokens', 'output_tokens', 'BIGINT'],
  ['reasoningTokens', 'reasoning_tokens', 'BIGINT'],
  ['usageSource', 'usage_source', 'VARCHAR'],
  ['reservedNanoUsd', 'reserved_nano_usd', 'BIGINT'],
  ['chargeNanoUsd', 'charge_nano_usd', 'BIGINT'],
  ['lost', 'lost', 'VARCHAR'],
];

/** How many were written. Throws TrafficError where DuckDB is not installed. */
export async function exportLedger(ledger: LedgerReader, path: string): Promise<number> {
  const writer = await ParquetWriter.open([
    ...columns.map(([, name, type]) => ({ name, type })),
    { name: 'attempts', type: 'VARCHAR' },
  ]);
  try {
    let count = 0;
    for await (const record of ledger.history()) {
      writer.append([...columns.map(([field]) => record[field]), JSON.stringify(record.attempts)]);
      count++;
    }
    await writer.finish(path);
    return count;
  } finally {
    writer.close();
  }
}

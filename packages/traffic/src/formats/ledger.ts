// What `entrepot ledger export` writes: the gateway's own records.

import { count, countOr, duration, type Format, name, shape } from '../format.ts';

export const ledger: Format = {
  name: 'ledger',
  about: 'Ledger of an Entrepot gateway',
  columns: ['started_at_ms', 'key', 'route', 'stream', 'input_tokens', 'output_tokens'],
  shape: file =>
    shape({
      at: duration(file, 'started_at_ms', 1),
      isUnix: true,
      model: name(file, 'route'),
      key: name(file, 'key'),
      inputTokens: count(file, 'input_tokens'),
      outputTokens: countOr(file, 'output_tokens', 0),
      features: [['streaming', `CAST(${file.value('stream')} AS VARCHAR) IN ('1', 'true')`]],
      where: `${file.value('input_tokens')} IS NOT NULL`,
      assumed: ['requests whose size the ledger does not know, such as refused ones, are left out'],
    }),
};

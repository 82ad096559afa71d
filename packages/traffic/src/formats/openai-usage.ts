// The usage that OpenAI exports: sums per bucket of time, as pages of its usage API (JSON) or as a
// table with the same names (CSV).

import { count, countOr, duration, type Format, name, type Shape, shape } from '../format.ts';
import type { SourceFile } from '../source-file.ts';
import { identifier } from '../sql.ts';

const results = ['model', 'api_key_id', 'input_tokens', 'output_tokens', 'num_model_requests'];

export const openaiUsage: Format = {
  name: 'openai-usage',
  about: 'OpenAI usage export',
  columns: ['start_time', 'end_time', 'num_model_requests', 'input_tokens', 'output_tokens'],
  shape: usageShape,
};

export const openaiUsagePages: Format = {
  name: 'openai-usage-pages',
  about: 'OpenAI usage export',
  columns: ['object', 'data'],
  rows: resultsOfPages,
  shape: usageShape,
};

function usageShape(file: SourceFile): Shape {
  const at = duration(file, 'start_time', 1000);
  const end = duration(file, 'end_time', 1000);
  const requests = count(file, 'num_model_requests');
  const has = (column: string): boolean => file.columns.includes(column);
  return shape({
    at,
    isUnix: true,
    model: has('model') ? name(file, 'model') : null,
    key: has('api_key_id') ? name(file, 'api_key_id') : null,
    inputTokens: count(file, 'input_tokens'),
    outputTokens: countOr(file, 'output_tokens', 0),
    requests,
    spreadMs: { ...end, sql: `(${end.sql} - ${at.sql})` },
    where: `${requests.sql} IS DISTINCT FROM 0`,
    assumed: [
      'usage is known in sums: requests are spread evenly over their bucket, each of average size',
      'input that the export says was read from caches counts as any other',
    ],
  });
}

/** A page has buckets, a bucket has results: a row for each. */
function resultsOfPages(file: SourceFile): SourceFile {
  const fields = results.map(field => `result->>'$.${field}' AS ${identifier(field)}`).join(', ');
  const buckets = `(SELECT unnest(CAST("data" AS JSON[])) AS bucket FROM ${file.relation})`;
  const each = `(SELECT bucket, unnest(CAST(bucket->'$.results' AS JSON[])) AS result FROM ${buckets})`;
  const times = `bucket->>'$.start_time' AS start_time, bucket->>'$.end_time' AS end_time`;
  return {
    ...file,
    columns: ['start_time', 'end_time', ...results],
    relation: `(SELECT ${times}, ${fields} FROM ${each})`,
    value: identifier,
    place: row => `result ${row}`,
  };
}

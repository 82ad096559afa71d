// SpendLogs, the table in which LiteLLM's proxy keeps its requests, exported in any form.

import { countOr, type Format, moment, name, shape } from '../format.ts';

export const litellm: Format = {
  name: 'litellm',
  about: 'LiteLLM SpendLogs',
  columns: ['startTime', 'model', 'prompt_tokens', 'completion_tokens'],
  shape: file => {
    const group = file.columns.includes('model_group') ? file.value('model_group') : "''";
    const model = name(file, 'model');
    const inputTokens = countOr(file, 'prompt_tokens', 0);
    const has = (column: string): boolean => file.columns.includes(column);
    return shape({
      at: moment(file, 'startTime'),
      isUnix: true,
      model: { ...model, sql: `coalesce(nullif(CAST(${group} AS VARCHAR), ''), ${model.sql})` },
      key: has('api_key') ? name(file, 'api_key') : null,
      inputTokens,
      outputTokens: countOr(file, 'completion_tokens', 0),
      where: `${inputTokens.sql} IS DISTINCT FROM 0`,
      assumed: ['rows without prompt tokens, such as failures, are left out'],
    });
  },
};

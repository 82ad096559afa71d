// BurstGPT: requests to Azure's ChatGPT and GPT-4 over months.

import { count, duration, type Format, name, shape } from '../format.ts';

export const burstgpt: Format = {
  name: 'burstgpt',
  about: 'BurstGPT trace (HPMLL/BurstGPT, CC-BY 4.0)',
  columns: ['Timestamp', 'Model', 'Request tokens', 'Response tokens', 'Log Type'],
  shape: file => {
    const outputTokens = count(file, 'Response tokens');
    return shape({
      at: duration(file, 'Timestamp', 1000),
      model: name(file, 'Model'),
      key: name(file, 'Log Type'),
      inputTokens: count(file, 'Request tokens'),
      outputTokens,
      where: `${outputTokens.sql} IS DISTINCT FROM 0`,
      assumed: ['requests that failed in the trace have no answer there and are left out'],
    });
  },
};

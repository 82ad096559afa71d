// The Azure LLM inference traces of 2023 and 2024, and the multimodal one of 2025.

import { count, type Format, moment, shape } from '../format.ts';

const columns = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'] as const;

export const azure: Format = {
  name: 'azure',
  about: 'Azure LLM inference trace (AzurePublicDataset, CC-BY 4.0)',
  columns,
  shape: file => {
    const hasImages = file.columns.includes('NumImages');
    const images = hasImages ? count(file, 'NumImages') : null;
    return shape({
      at: moment(file, 'TIMESTAMP'),
      isUnix: true,
      inputTokens: count(file, 'ContextTokens'),
      outputTokens: count(file, 'GeneratedTokens'),
      features: images === null ? [] : [['vision', `${images.sql} > 0`]],
      assumed:
        images === null
          ? []
          : ['images cost what the context tokens of the trace say, and nothing besides'],
    });
  },
};

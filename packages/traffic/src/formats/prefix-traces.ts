// Traces that say which prompts begin alike: Mooncake's, and those of Qwen on Bailian.

import { count, duration, type Format, hashList, name, shape } from '../format.ts';

export const mooncake: Format = {
  name: 'mooncake',
  about: 'Mooncake trace (kvcache-ai/Mooncake, FAST 2025, Apache-2.0)',
  columns: ['timestamp', 'input_length', 'output_length', 'hash_ids'],
  shape: file =>
    shape({
      at: duration(file, 'timestamp', 1),
      inputTokens: count(file, 'input_length'),
      outputTokens: count(file, 'output_length'),
      hashes: hashList(file, 'hash_ids'),
      blockTokens: 512,
    }),
};

export const qwenBailian: Format = {
  name: 'qwen-bailian',
  about: 'Qwen Bailian usage trace (alibaba-edu/qwen-bailian-usagetraces-anon, Apache-2.0)',
  columns: ['chat_id', 'timestamp', 'input_length', 'output_length', 'type', 'hash_ids'],
  shape: file =>
    shape({
      at: duration(file, 'timestamp', 1000),
      key: name(file, 'type'),
      inputTokens: count(file, 'input_length'),
      outputTokens: count(file, 'output_length'),
      features: [['vision', `${file.value('type')} = 'image'`]],
      hashes: hashList(file, 'hash_ids'),
      blockTokens: 16,
    }),
};

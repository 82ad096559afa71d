// Published vocabularies, where each is to be had, and who says which models count by it. A model
// is meant by the longest beginning of its id that is named.

export interface Vocabulary {
  readonly npm: string;
  readonly version: string;
  /** What of the package is imported. */
  readonly entry: string;
}

interface Tokenizer {
  readonly name: string;
  readonly models: readonly string[];
  readonly source: string;
  readonly vocabulary: Vocabulary;
}

const tiktoken = 'github.com/openai/tiktoken, tiktoken/model.py';

function gpt(name: string, models: readonly string[]): Tokenizer {
  const entry = `gpt-tokenizer/encoding/${name}`;
  const vocabulary = { npm: 'gpt-tokenizer', version: '4.0.0', entry };
  return { name, models: models.map(model => `openai/${model}`), source: tiktoken, vocabulary };
}

function lenml(name: string, models: readonly string[], source: string): Tokenizer {
  const npm = `@lenml/tokenizer-${name}`;
  return { name, models, source, vocabulary: { npm, version: '3.7.2', entry: npm } };
}

export const tokenizers: readonly Tokenizer[] = [
  gpt('o200k_base', ['gpt-4o', 'gpt-4.1', 'gpt-4.5', 'gpt-5', 'gpt-oss', 'o1', 'o3', 'o4']),
  gpt('cl100k_base', ['gpt-4', 'gpt-3.5']),
  lenml(
    'gemma3',
    ['google/gemini-2.0', 'google/gemini-2.5', 'google/gemma-3'],
    'github.com/googleapis/python-genai, google/genai/_local_tokenizer_loader.py',
  ),
  lenml('llama3_1', ['meta/llama-3'], 'the models’ own tokenizer.json'),
  lenml('qwen3', ['qwen/qwen3'], 'the models’ own tokenizer.json'),
  lenml(
    'deepseek_v3',
    ['deepseek/deepseek-v3', 'deepseek/deepseek-r1'],
    'their own tokenizer.json',
  ),
];

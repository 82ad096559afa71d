// What the names of the tests in packages/gateway/test/sdk/ tell: which client called, which cloud
// answered, and what was tried. A test says its cloud by the name of its place (clouds.ts); its
// client is that of its file, or the caller that it names.

/** One test that ran. */
export interface Result {
  /** The name of its file without its ending. */
  readonly file: string;
  /** Names from the outermost suite to the test itself. */
  readonly path: readonly string[];
  readonly passed: boolean;
}

export interface Cell {
  readonly client: string;
  /** null for what does not depend on a cloud. */
  readonly cloud: string | null;
  readonly feature: string;
  readonly passed: boolean;
}

const clientOfFile: Readonly<Record<string, string>> = {
  anthropic: '@anthropic-ai/sdk',
  'anthropic-bedrock': '@anthropic-ai/bedrock-sdk',
  'anthropic-vertex': '@anthropic-ai/vertex-sdk',
  azure: 'openai (AzureOpenAI)',
  converse: '@aws-sdk/client-bedrock-runtime',
  gemini: '@google/genai',
  'native-invoke': '@aws-sdk/client-bedrock-runtime',
  openai: 'openai (Chat Completions)',
  responses: 'openai (Responses)',
};

const clientOfDialect: Readonly<Record<string, string>> = {
  'openai-chat': 'openai (Chat Completions)',
  'openai-responses': 'openai (Responses)',
  'anthropic-messages': '@anthropic-ai/sdk',
  gemini: '@google/genai',
  'bedrock-converse': '@aws-sdk/client-bedrock-runtime',
};

/** `clouds` are the names of all places. */
export function cellOf({ file, path, passed }: Result, clouds: readonly string[]): Cell {
  const cloud = cloudIn(path, clouds);
  const last = path.at(-1)!;
  if (file === 'vercel') {
    const [, provider, feature] = /^([\w -]+): (.*)$/.exec(last) ?? [];
    if (provider !== undefined && feature !== undefined) {
      return { client: `ai (${provider})`, cloud, feature, passed };
    }
  }
  const [callerNamed = '', dialect = ''] = / to a caller of ([\w-]+)$/.exec(last) ?? [];
  const client = clientOfDialect[dialect] ?? clientOfFile[file] ?? file;
  const tried = last.slice(0, last.length - callerNamed.length);
  const feature = tried
    .replace(cloud === null ? /$^/ : new RegExp(` (?:from|of|in) ${cloud}(?= |$)`), '')
    .replace(/^that /, 'streams that ');
  return { client, cloud, feature, passed };
}

/** The longest name wins: one place may begin as another does. */
function cloudIn(path: readonly string[], clouds: readonly string[]): string | null {
  const text = `${path.join(' / ')} `;
  const found = clouds.filter(cloud => text.includes(` ${cloud} `));
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

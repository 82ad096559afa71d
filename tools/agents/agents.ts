// The coding agents that are run against the gateway: pinned, by their own names in the npm
// registry, each with how it is told where to call and what to do. They are never a dependency.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Agent {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** The dialect that it speaks, as the ledger names it. */
  readonly dialect: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: (url: string, key: string) => Readonly<Record<string, string>>;
  /** Files of its home, by their paths in it. */
  readonly home: (url: string, key: string) => Readonly<Record<string, string>>;
  /** The tool that writes a file, and its arguments for that. */
  readonly call: (file: string, content: string) => readonly [tool: string, args: object];
}

const claudeCode: Agent = {
  name: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.331',
  dialect: 'anthropic-messages',
  command: 'claude',
  args: ['-p', '--model', 'any', '--permission-mode', 'acceptEdits', '--allowedTools', 'Write'],
  env: (url, key) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Not every model writes as much as it asks for by itself.
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: '8192',
  }),
  home: () => ({}),
  call: (file_path, content) => ['Write', { file_path, content }],
};

const codex: Agent = {
  name: 'Codex',
  package: '@openai/codex',
  version: '0.169.0',
  dialect: 'openai-responses',
  command: 'codex',
  args: ['exec', '--skip-git-repo-check', '-'],
  env: (_url, key) => ({ ENTREPOT_KEY: key }),
  home: url => ({
    '.codex/config.toml': `
model = "any"
model_provider = "entrepot"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.entrepot]
name = "entrepot"
base_url = "${url}/v1"
env_key = "ENTREPOT_KEY"
wire_api = "responses"
`,
  }),
  call: (file, content) => ['exec_command', { cmd: `printf '${content}' > ${file}` }],
};

const opencode: Agent = {
  name: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  dialect: 'openai-chat',
  command: 'opencode',
  args: ['run', '-m', 'entrepot/any'],
  env: () => ({}),
  home: (url, apiKey) => ({
    '.config/opencode/opencode.json': JSON.stringify({
      provider: {
        entrepot: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${url}/v1`, apiKey },
          models: { any: { limit: { context: 128_000, output: 8192 } } },
        },
      },
      autoupdate: false,
      share: 'disabled',
    }),
  }),
  call: (filePath, content) => ['write', { filePath, content }],
};

export const agents: readonly Agent[] = [claudeCode, codex, opencode];

/** Writes the home of an agent. */
export function furnish(home: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

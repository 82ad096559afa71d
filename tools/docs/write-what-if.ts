// Makes the reports of docs/examples/what-if/: published traces, which are not in the repository,
// through scenarios that come with the catalog.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tidy/source-files.ts';

interface Example {
  readonly name: string;
  /** Below the folder of traces, ../shared/traces. */
  readonly trace: string;
  readonly model: string;
  readonly asOf: string;
  readonly scenarios: readonly string[];
}

const examples: readonly Example[] = [
  {
    // Both services of the Azure LLM inference trace 2023 (AzurePublicDataset, CC-BY 4.0).
    name: 'azure-2023',
    trace: 'azure_llm/AzureLLMInferenceTrace_*.csv',
    model: 'openai/gpt-5.1',
    asOf: '2025-12-31',
    scenarios: [
      'openai-on-bedrock',
      'openai-outage',
      'azure-provisioned',
      'lock-in-cap',
      'a-cloud-leaves',
    ],
  },
  {
    // An hour of conversations with the hashes of their prefixes (kvcache-ai/Mooncake, Apache-2.0).
    name: 'mooncake-conversation',
    trace: 'mooncake/conversation_trace.jsonl',
    model: 'anthropic/claude-sonnet-5',
    asOf: '2026-08-21',
    scenarios: [
      'sonnet-5-price-rise',
      'eu-residency-only',
      'anthropic-outage',
      'lock-in-cap',
      'traffic-doubles',
    ],
  },
];

const traces = join(root, '../shared/traces');
const folder = join(root, 'docs/examples/what-if');
mkdirSync(folder, { recursive: true });
if (!existsSync(traces)) throw new Error(`there are no traces in ${traces}`);

for (const { name, trace, model, asOf, scenarios } of examples) {
  const file = (ending: string): string => join(folder, `${name}.${ending}`);
  const command = ['packages/cli/bin/entrepot.js', 'what-if'];
  const traffic = ['--traffic', join(traces, trace), '--route', model, '--as-of', asOf];
  const worlds = scenarios.flatMap(scenario => ['--scenario', scenario]);
  const files = ['--reproducible', '--json', file('json'), '--html', file('html')];
  const text = execFileSync(process.execPath, [...command, ...traffic, ...worlds, ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  // The speed differs from run to run.
  writeFileSync(file('txt'), text.replace(/, [\d,]+ requests\/s$/m, ''));
}

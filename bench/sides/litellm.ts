// LiteLLM's proxy, from the Python registry, one worker, from a configuration file with the same
// two deployments. No database: without one it keeps no ledger.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, pipInstalled } from '../cache.ts';
import { freePort, sideCpu, startChild } from '../child.ts';
import type { Side } from '../side.ts';
import { bodyOf, pathOf } from '../works.ts';

const name = 'litellm';
const version = '1.108.7';
/** It does not start without one. */
const key = 'sk-a-key-for-the-benchmark';

export const litellm: Side = {
  name: 'LiteLLM',
  find: () => pipInstalled(name, 'proxy', version),
  start: async ({ folder, mockPort }) => {
    const port = await freePort();
    const mock = `http://127.0.0.1:${mockPort}`;
    const aws = { aws_access_key_id: 'none', aws_secret_access_key: 'none' };
    const bedrock = {
      model: 'bedrock/converse/anthropic.claude-sonnet-4-5-20250929-v1:0',
      aws_region_name: 'us-east-1',
      aws_bedrock_runtime_endpoint: mock,
      ...aws,
    };
    const chat = { model: 'openai/gpt-5.4-mini', api_base: `${mock}/v1`, api_key: 'none' };
    const config = {
      model_list: [
        { model_name: 'bench-chat', litellm_params: chat },
        { model_name: 'bench-bedrock', litellm_params: bedrock },
      ],
      litellm_settings: { drop_params: true, telemetry: false },
    };
    const file = join(folder, 'litellm.yaml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(config));
    const command = join(cacheFolder(name), 'bin/litellm');
    const args = ['--config', file, '--host', '127.0.0.1', '--port', String(port)];
    // Its list of prices is in the package; it would otherwise be fetched.
    const env = {
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_LOG: 'ERROR',
      LITELLM_MASTER_KEY: key,
    };
    const child = startChild([command, ...args, '--num_workers', '1'], { cpu: sideCpu, env });
    child.stdout!.resume();
    return {
      process: child,
      ask: work => ({
        url: `http://127.0.0.1:${port}${pathOf(work)}`,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: bodyOf(work, `bench-${work.upstream}`),
      }),
    };
  },
};

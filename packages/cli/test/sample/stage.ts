// A gateway in a process of its own, over the simulated OpenAI and one server of this test's that
// gives a known answer and judges by a known rule.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import { bin } from '../command-process.ts';
import { folderOf } from '../what-if/trace-file.ts';

export interface Stage {
  readonly folder: string;
  readonly config: string;
  readonly ledger: string;
  readonly url: string;
  readonly prompt: string;
  /** Recorded requests for the route `chat`; by default of Chat Completions. */
  requests(count: number, lineOf?: (question: string, i: number) => unknown): string;
  /** Lets the gateway finish, so that its ledger is whole. */
  stop(): Promise<void>;
}

/** What the answers of the route `good` have and no other. */
const mark = 'GOOD-ANSWER';

export async function raiseStage(t: TestContext): Promise<Stage> {
  const folder = folderOf(t);
  const simcloud = await startSimcloud({ seed: 5, speed: 1000 });
  t.after(() => simcloud.close());
  const own = await ownServer(t);
  const config = join(folder, 'entrepot.yaml');
  const ledger = join(folder, 'ledger.db');
  writeFileSync(config, configText(simcloud.urls.openai, own, ledger));
  const env = { ...process.env, SIMULATED_KEY: defaultCredentials.openai[0]! };
  const child = spawn(process.execPath, [bin, 'serve', config, '--json'], { env });
  t.after(() => child.kill('SIGKILL'));
  const prompt = join(folder, 'judge.txt');
  writeFileSync(prompt, 'Which is better?\n{{request}}\n<a>{{a}}</a>\n<b>{{b}}</b>\n');
  return {
    folder,
    config,
    ledger,
    url: await readyUrl(child),
    prompt,
    requests: (count, lineOf = chatOf) => {
      const file = join(folder, 'recorded.jsonl');
      const lines = Array.from({ length: count }, (_, i) =>
        JSON.stringify(lineOf(`Question ${i}`, i)),
      );
      writeFileSync(file, `${lines.join('\n')}\n`);
      return file;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function chatOf(content: string): unknown {
  return { model: 'chat', messages: [{ role: 'user', content }] };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr!.on('data', text => {
    said += text;
  });
  const ready = once(child.stdout!, 'data') as Promise<[Buffer]>;
  const gone = once(child, 'exit').then((): never => {
    throw new Error(`the gateway did not start: ${said}`);
  });
  const [line] = await Promise.race([ready, gone]);
  gone.catch(() => {});
  return (JSON.parse(line.toString()) as { url: string }).url;
}

function configText(simulated: string, own: string, ledger: string): string {
  const ownOffer = (name: string): string => `
  - name: ${name}
    offer:
      model: acme/${name}
      dialects: [openai-chat]
      prices: { inputUsdPerMtok: 1, outputUsdPerMtok: 2 }
      maxOutputTokens: 4096
      contextTokens: 100000
      features: [json-schema]
    endpoint: ${own}/v1
    allowInsecure: true
    credential: none`;
  const ofOpenai = (name: string, model: string): string => `
  - name: ${name}
    offer: openai-api/global/openai/${model}
    endpoint: ${simulated}
    allowInsecure: true
    simulated: true
    credential: { apiKey: env:SIMULATED_KEY }`;
  const deployments = [
    ofOpenai('large', 'gpt-5.4'),
    ofOpenai('small', 'gpt-5.4-mini'),
    ownOffer('good'),
    ownOffer('judge'),
  ];
  const route = (name: string, deployment: string): string =>
    `  - { name: ${name}, objective: cost, deployments: [${deployment}] }`;
  return `auth: none
listen: { port: 0 }
ledger: { path: ${ledger} }
deployments:${deployments.join('')}
routes:
${route('chat', 'large')}
${route('small', 'small')}
${route('good', 'good')}
${route('judge', 'judge')}
${route('simulated-judge', 'large')}
`;
}

/** Asked for acme/good it gives the marked answer; as judge it prefers that four times of five. */
async function ownServer(t: TestContext): Promise<string> {
  let judged = 0;
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as {
      model: string;
      messages: { content: string }[];
    };
    const content = body.model === 'judge' ? verdict(body.messages[0]!.content, judged++) : mark;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'chatcmpl-own',
        object: 'chat.completion',
        created: 1,
        model: body.model,
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function verdict(content: string, n: number): string {
  const isA = /<a>([\s\S]*)<\/a>/.exec(content)?.[1]?.includes(mark) === true;
  const forMarked = n % 5 !== 0;
  return JSON.stringify({ winner: isA === forMarked ? 'a' : 'b' });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

// One agent in front of one simulated cloud: it is asked to write a file, the simulated model calls
// the agent's own tool for that, and answers in words when the tool's result has come. What the
// agent says is not believed: the file and the ledger are looked at.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimcloud } from '@entrepot/simcloud/simcloud';
import { key, Rig } from '../../packages/gateway/test/rig.ts';
import { deploymentAt, type Place } from '../../packages/gateway/test/sdk/clouds.ts';
import { type Agent, furnish } from './agents.ts';

export interface Exchanged {
  /** What is wrong; empty when the exchange went as it must. */
  readonly problems: readonly string[];
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the cloud could not carry, in the agent's dialect. */
  readonly lost: readonly string[];
}

const content = 'A ship is loading.';
const patienceMs = 120_000;

export async function exchange(agent: Agent, command: string, place: Place): Promise<Exchanged> {
  const simcloud = await startSimcloud({ latency: 'zero', seed: 7 });
  const { service, offer = {} } = place;
  const deployments = [{ ...deploymentAt(simcloud, service), offer }];
  const rig = await Rig.start({ deployments, losses: 'drop' });
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-agent-'));
  const file = join(folder, 'ship.txt');
  try {
    furnish(join(folder, 'home'), agent.home(rig.url, key));
    const [tool, args] = agent.call(file, content);
    const steering = `[[simulate call=${tool} args=${JSON.stringify(args)}]]`;
    const said = await run(agent, command, folder, rig.url, `Write the file. ${steering}`);
    return { ...(await judged(agent, rig, said, file)) };
  } finally {
    await rig.close();
    await simcloud.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Said {
  readonly code: number | null;
  readonly text: string;
}

function run(agent: Agent, command: string, cwd: string, url: string, prompt: string) {
  const env = { PATH: process.env.PATH, HOME: join(cwd, 'home'), ...agent.env(url, key) };
  const child = spawn(command, agent.args, { cwd, env, timeout: patienceMs });
  let text = '';
  child.stdout.on('data', data => (text += data));
  child.stderr.on('data', data => (text += data));
  child.stdin.end(prompt);
  return new Promise<Said>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, text }));
  });
}

async function judged(agent: Agent, rig: Rig, said: Said, file: string): Promise<Exchanged> {
  const problems: string[] = [];
  const hold = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const records = await rig.records();
  const outcomes = records.map(({ outcome, error }) => error ?? outcome);
  hold(said.code === 0, `it ended with ${said.code}: ${said.text.slice(-500)}`);
  hold(existsSync(file) && readFileSync(file, 'utf8').trim() === content, 'the file is not there');
  hold(records.length >= 2, `the ledger has ${records.length} requests`);
  hold(
    outcomes.every(outcome => outcome === 'ok'),
    `the ledger says ${outcomes.join(', ')}`,
  );
  hold(
    records.every(({ dialect }) => dialect === agent.dialect),
    `it did not speak ${agent.dialect}`,
  );
  hold(
    records.every(
      ({ usageSource, chargeNanoUsd }) => usageSource === 'provider' && chargeNanoUsd! > 0,
    ),
    'a request has no usage or no charge',
  );
  const sum = (of: (record: (typeof records)[number]) => number | null): number =>
    records.reduce((total, record) => total + (of(record) ?? 0), 0);
  return {
    problems,
    requests: records.length,
    inputTokens: sum(record => record.inputTokens),
    outputTokens: sum(record => record.outputTokens),
    lost: [...new Set(records.flatMap(({ lost }) => lost?.split(',') ?? []))],
  };
}

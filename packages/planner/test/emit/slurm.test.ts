// Proves that Slurm takes the scripts: its own controller and sbatch, out of Debian's packages,
// on a made-up cluster of hosts with 8 GPUs and hosts with 16 Neuron devices. The hosts do not
// answer, so that the jobs wait: `sbatch --test-only` would say that no host is up, a held job
// shows all the same what the controller understood.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { emit } from '@entrepot/planner/emit/emit';
import { slurmService } from '@entrepot/planner/emit/slurm-service';
import { absent, validators } from '../../../../tools/validators/place.ts';
import {
  onH100,
  onTrainium2,
  plannedJobs,
  servingExperts,
  servingOnH100,
  servingOnTpu,
} from './planned.ts';

const skip = absent(join(validators.slurm, 'bin/sbatch'));
const library = join(validators.slurm, 'lib/x86_64-linux-gnu');
const folder = mkdtempSync(join(tmpdir(), 'entrepot-slurm-'));
const env = {
  ...process.env,
  SLURM_CONF: join(folder, 'slurm.conf'),
  LD_LIBRARY_PATH: `${join(library, 'slurm-wlm')}:${library}`,
};
let controller: ChildProcess | null = null;

before(async () => {
  if (skip !== false) return;
  mkdirSync(join(folder, 'state'));
  writeFileSync(env.SLURM_CONF, configuration(await freePort()));
  const path = join(validators.slurm, 'sbin/slurmctld-wlm');
  controller = spawn(path, ['-D', '-c'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const chunk of controller.stderr!) {
    said += String(chunk);
    if (said.includes('Running as primary controller')) break;
  }
  assert.match(said, /Running as primary controller/);
});

after(async () => {
  if (controller !== null && controller.exitCode === null) {
    const ended = once(controller, 'exit');
    controller.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true });
});

test('a job on 2,048 hosts with 8 GPUs is understood', { skip }, () => {
  const job = submitted(emit(onH100, 'slurm').files[0]!.text);
  assert.match(job, /NumNodes=2048/);
  assert.match(job, /TresPerNode=gres:gpu:8/);
  assert.match(job, /TimeLimit=61-12:00:00/);
  assert.match(job, /Requeue=1/);
  assert.match(job, /OverSubscribe=NO/);
});

test('a job on 64 hosts with 16 Neuron devices is understood', { skip }, () => {
  const job = submitted(emit(onTrainium2, 'slurm').files[0]!.text);
  assert.match(job, /NumNodes=64/);
  assert.match(job, /TresPerNode=gres:neuron:16/);
});

test('replicas are tasks of an array, each on its hosts', { skip }, () => {
  const job = submitted(slurmService(servingOnH100)[0]!.text);
  assert.match(job, /ArrayTaskId=0-2/);
  assert.match(job, /NumNodes=2-2/);
  assert.match(job, /TresPerNode=gres:gpu:8/);
});

test('what Slurm does not know is refused', { skip }, () => {
  const text = emit(onH100, 'slurm').files[0]!.text.replace('gpu:8', 'gpux:8');
  assert.throws(() => submitted(text), /Invalid generic resource/);
});

test('every script is good bash', () => {
  for (const planned of plannedJobs) {
    const [script] = emit(planned, 'slurm').files;
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script!.text, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
  for (const serving of [servingOnH100, servingExperts]) {
    const [script] = slurmService(serving);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script!.text, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
  assert.throws(() => slurmService(servingOnTpu), /--emit kubernetes/);
});

/** What the controller says of a script that was handed in and is held. */
function submitted(text: string): string {
  const script = join(folder, 'job.sbatch');
  writeFileSync(script, text);
  const id = run('sbatch', ['--hold', '--parsable', script]).trim();
  const job = run('scontrol', ['show', 'job', id]);
  run('scancel', [id]);
  return job;
}

function run(command: string, args: readonly string[]): string {
  const path = join(validators.slurm, 'bin', command);
  const { status, stdout, stderr } = spawnSync(path, args, { env, encoding: 'utf8', cwd: folder });
  assert.equal(status, 0, stderr);
  return stdout;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function configuration(port: number): string {
  const host = hostname().split('.')[0];
  const node = `NodeHostname=${host} NodeAddr=127.0.0.1 CPUs=192 RealMemory=2000000`;
  return [
    'ClusterName=check',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${port}`,
    'AuthType=auth/none',
    'CredType=cred/none',
    'SlurmUser=root',
    `PluginDir=${join(library, 'slurm-wlm')}`,
    `StateSaveLocation=${join(folder, 'state')}`,
    `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SelectType=select/cons_tres',
    'GresTypes=gpu,neuron',
    'MpiDefault=none',
    `NodeName=gpu[1-2100] ${node} Gres=gpu:8 Port=[20001-22100]`,
    `NodeName=neuron[1-100] ${node} Gres=neuron:16 Port=[23001-23100]`,
    'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}

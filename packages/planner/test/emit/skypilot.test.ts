// Proves that SkyPilot itself reads the tasks, by its own parser out of its package from PyPI, and
// sees in them the hosts, chips and recovery that were planned.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { emit } from '@entrepot/planner/emit/emit';
import type { PlannedJob } from '@entrepot/planner/emit/planned-job';
import { skypilotService } from '@entrepot/planner/emit/skypilot-service';
import { absent, validators } from '../../../../tools/validators/place.ts';
import {
  mixtureOnH200,
  onH100,
  onTpu,
  onTrainium2,
  plannedJobs,
  servingExperts,
  servingOnH100,
  servingOnTpu,
} from './planned.ts';

interface Seen {
  readonly name: string;
  readonly nodes: number;
  readonly accelerators: Readonly<Record<string, number>> | null;
  readonly spot: boolean;
  readonly region: string | null;
  readonly cloud: string;
  readonly recovery: { readonly strategy: string };
}

const script = `
import json, sys, sky, yaml
seen = []
for path in sys.argv[1:]:
    with open(path) as file:
        config = yaml.safe_load(file)
    config['envs'] = {name: 'set' for name in config['envs']}
    task = sky.Task.from_yaml_config(config)
    [r] = task.resources
    seen.append({'name': task.name, 'nodes': task.num_nodes, 'accelerators': r.accelerators,
      'spot': r.use_spot, 'region': r.region, 'cloud': str(r.cloud), 'recovery': r.job_recovery})
print(json.dumps(seen))
`;

function seenBySkyPilot(jobs: readonly PlannedJob[]): Seen[] {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-sky-'));
  try {
    const paths = jobs.map(planned => {
      const [task, ...files] = emit(planned, 'skypilot').files;
      for (const file of [task!, ...files]) writeFileSync(join(folder, file.path), file.text);
      return join(folder, task!.path);
    });
    const env = { ...process.env, HOME: folder, SKYPILOT_DISABLE_USAGE_COLLECTION: '1' };
    const options = { cwd: folder, env, encoding: 'utf8' } as const;
    const args = ['-c', script, ...paths];
    const { status, stdout, stderr } = spawnSync(validators.python, args, options);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Seen[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('SkyPilot reads hosts, chips, place and recovery', { skip: absent(validators.python) }, () => {
  const [h100, h200, trainium, tpu] = seenBySkyPilot([onH100, mixtureOnH200, onTrainium2, onTpu]);
  assert.equal(h100!.nodes, 2048);
  assert.deepEqual(h100!.accelerators, { H100: 8 });
  assert.deepEqual([h100!.cloud, h100!.region, h100!.spot], ['AWS', 'us-east-1', false]);
  assert.equal(h100!.recovery.strategy, 'EAGER_NEXT_REGION');
  assert.deepEqual([h200!.cloud, h200!.spot, h200!.nodes], ['Azure', true, 128]);
  assert.deepEqual(trainium!.accelerators, { Trainium2: 16 });
  assert.deepEqual(tpu!.accelerators, { 'tpu-v5p-8192': 1 });
  assert.equal(tpu!.nodes, 1);
});

test('SkyPilot reads a service with its replicas and their hosts', {
  skip: absent(validators.python),
}, () => {
  const part = { ...servingOnH100, hosts: { ...servingOnH100.hosts, count: 1, chips: 4 } };
  const within = { ...part, tensorParallel: 4, pipelineParallel: 1 };
  const read = `
import json, sys, sky, yaml
config = yaml.safe_load(sys.stdin)
config['envs'] = {name: 'set' for name in config['envs']}
task = sky.Task.from_yaml_config(config)
[r] = task.resources
s = task.service
print(json.dumps([s.min_replicas, s.readiness_path, task.num_nodes, r.accelerators, r.ports]))
`;
  const seen = [within, servingOnH100, servingExperts].map(serving => {
    const [file] = skypilotService(serving);
    const options = { input: file!.text, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(validators.python, ['-c', read], options);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  });
  assert.deepEqual(seen, [
    [3, '/v1/models', 1, { H100: 4 }, ['8000']],
    [3, '/v1/models', 2, { H100: 8 }, ['8000']],
    [2, '/v1/models', 2, { H100: 8 }, ['8000']],
  ]);
});

test('a service over hosts says on each which of them it is', () => {
  const [file] = skypilotService(servingOnH100);
  assert.match(file!.text, /NODE_RANK="\$SKYPILOT_NODE_RANK"/);
  assert.match(file!.text, /--nnodes 2 --node-rank "\$NODE_RANK"/);
  assert.throws(() => skypilotService(servingOnTpu), /--emit kubernetes/);
});

test('each task carries the launch and the files that it reads', () => {
  for (const planned of plannedJobs) {
    const [task, ...files] = emit(planned, 'skypilot').files;
    assert.match(task!.text, /num_nodes:/);
    assert.match(task!.text, /SKYPILOT_NODE_RANK/);
    for (const file of files) assert.ok(task!.text.includes(file.path.replace(/\.\w+$/, '')));
  }
});

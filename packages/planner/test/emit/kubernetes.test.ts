// Proves the manifests: JobSet by its models in kubeflow-trainer-api, ConfigMap and Service by
// Kubernetes' schemas in kubernetes-validate. The fields of LeaderWorkerSet, which no package
// registry has, are proved by known-names.test.ts.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { emit } from '@entrepot/planner/emit/emit';
import { leaderWorkerSet } from '@entrepot/planner/emit/leader-worker-set';
import { parseAllDocuments } from 'yaml';
import { absent, validators } from '../../../../tools/validators/place.ts';
import {
  onH100,
  onTpu,
  onTrainium2,
  plannedJobs,
  plannedServings,
  servingExperts,
  servingOnH100,
  servingOnTpu,
} from './planned.ts';

type Tree = { [name: string]: unknown };

const jobs = plannedJobs.map(planned => documentsOf(emit(planned, 'kubernetes').files[0]!.text));
const served = plannedServings.map(s => documentsOf(leaderWorkerSet(s)[0]!.text));

const noPython = absent(validators.python);

test('JobSet: the models of kubeflow-trainer-api take and keep all of it', {
  skip: noPython,
}, () => {
  const script = `
import json, sys
from kubeflow_trainer_api.models import JobsetV1alpha2JobSet as JobSet
for document in json.load(sys.stdin):
    kept = json.loads(JobSet.from_dict(document).to_json())
    def lost(a, b, path):
        if isinstance(a, dict):
            for k, v in a.items():
                if k not in b: sys.exit(f'{path}.{k} is not a field')
                lost(v, b[k], f'{path}.{k}')
        elif isinstance(a, list):
            for i, v in enumerate(a): lost(v, b[i], f'{path}[{i}]')
    lost(document, kept, '')
`;
  const sets = JSON.stringify(jobs.map(([, jobSet]) => jobSet));
  const { status, stderr } = spawnSync(validators.python, ['-c', script], {
    input: sets,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

/** Both pods of a LeaderWorkerSet as pods of their own. */
function podsOf(set: Tree): Tree[] {
  return ['leaderTemplate', 'workerTemplate'].map(template => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod' },
    spec: at(set, `spec.leaderWorkerTemplate.${template}.spec`),
  }));
}

test('ConfigMap, Service and pods that serve: Kubernetes knows every field', {
  skip: noPython,
}, () => {
  const script = `
import json, sys, kubernetes_validate
for document in json.load(sys.stdin):
    kubernetes_validate.validate(document, '1.34', strict=True)
`;
  const plain = JSON.stringify([
    ...jobs.map(([map]) => map),
    ...served.map(([, service]) => service),
    ...served.flatMap(([set]) => podsOf(set!)),
  ]);
  const { status, stderr } = spawnSync(validators.python, ['-c', script], {
    input: plain,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

test('a pod asks for all chips and network cards of its host', () => {
  const limits = (text: string): Tree => {
    const [, jobSet] = documentsOf(text);
    return at(
      jobSet!,
      'spec.replicatedJobs.0.template.spec.template.spec.containers.0.resources.limits',
    );
  };
  assert.deepEqual(limits(emit(onH100, 'kubernetes').files[0]!.text), {
    'nvidia.com/gpu': '8',
    'vpc.amazonaws.com/efa': '32',
    'hugepages-2Mi': '5120Mi',
  });
  assert.deepEqual(limits(emit(onTrainium2, 'kubernetes').files[0]!.text), {
    'aws.amazon.com/neuron': '16',
    'vpc.amazonaws.com/efa': '16',
    'hugepages-2Mi': '5120Mi',
  });
  const tpu = emit(onTpu, 'kubernetes').files[0]!.text;
  assert.deepEqual(limits(tpu), { 'google.com/tpu': '4' });
  assert.match(tpu, /gke-tpu-accelerator: tpu-v5p-slice/);
  assert.match(tpu, /gke-tpu-topology: 16x16x16/);
});

test('a replica over hosts has a pod on each, which joins its leader', () => {
  const scripts = (serving: typeof servingOnH100): string[] => {
    const [set] = documentsOf(leaderWorkerSet(serving)[0]!.text);
    assert.equal(at(set!, 'spec.leaderWorkerTemplate').size, serving.hosts.count);
    return podsOf(set!).map(pod => {
      assert.deepEqual(at(pod, 'spec.containers.0.resources.limits'), {
        'nvidia.com/gpu': '8',
        'vpc.amazonaws.com/efa': '32',
        'hugepages-2Mi': '5120Mi',
      });
      return (at(pod, 'spec.containers.0').command as string[])[2]!;
    });
  };
  const [leader, worker] = scripts(servingOnH100);
  assert.equal(leader, worker);
  assert.match(leader!, /NODE_RANK="\$LWS_WORKER_INDEX" MASTER_ADDR="\$LWS_LEADER_ADDRESS"/);
  assert.match(leader!, /--tensor-parallel-size 8 \\\n {2}--pipeline-parallel-size 2/);
  assert.match(leader!, /--nnodes 2 --node-rank "\$NODE_RANK" .* \$HEADLESS/);
  const [experts] = scripts(servingExperts);
  assert.match(experts!, /--data-parallel-size 16 /);
  assert.match(experts!, /--data-parallel-size-local 8 /);
  assert.match(experts!, /--headless --data-parallel-start-rank \$\(\(NODE_RANK \* 8\)\)/);
});

test('hosts of a TPU slice are joined by Ray', () => {
  const [set] = documentsOf(leaderWorkerSet(servingOnTpu)[0]!.text);
  const [leader, worker] = podsOf(set!).map(
    pod => (at(pod, 'spec.containers.0').command as string[])[2]!,
  );
  assert.match(leader!, /leader --ray_cluster_size=.*\n.*vllm serve/);
  assert.match(leader!, /--distributed-executor-backend ray/);
  const { annotations } = at(set!, 'metadata');
  assert.match(JSON.stringify(annotations), /exclusive-topology":"cloud.google.com\/gke-nodepool"/);
  assert.match(worker!, /worker --ray_address=\$\(LWS_LEADER_ADDRESS\)$/);
});

test('every host has a pod, and the nodes that stand by are said', () => {
  const [file] = emit(onH100, 'kubernetes').files;
  const [, jobSet] = documentsOf(file!.text);
  const spec = at(jobSet!, 'spec.replicatedJobs.0.template.spec') as { completions: number };
  assert.equal(spec.completions, 2048);
  assert.match(file!.text, /needs 2063 nodes .* 15 are spare/);
});

function documentsOf(text: string): Tree[] {
  return parseAllDocuments(text).map(document => document.toJS() as Tree);
}

function at(tree: Tree, path: string): Tree {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree)[key], tree) as Tree;
}

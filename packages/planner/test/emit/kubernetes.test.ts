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
  servingOnH100,
  servingOnTrainium2,
} from './planned.ts';

type Tree = { [name: string]: unknown };

const jobs = plannedJobs.map(planned => documentsOf(emit(planned, 'kubernetes').files[0]!.text));
const served = [servingOnH100, servingOnTrainium2].map(s =>
  documentsOf(leaderWorkerSet(s)[0]!.text),
);

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

test('ConfigMap and Service: Kubernetes knows every field', { skip: noPython }, () => {
  const script = `
import json, sys, kubernetes_validate
for document in json.load(sys.stdin):
    kubernetes_validate.validate(document, '1.34', strict=True)
`;
  const plain = JSON.stringify([
    ...jobs.map(([map]) => map),
    ...served.map(([, service]) => service),
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

// A Kubernetes JobSet: a pod on every host, started and restarted together. Fields are those of
// jobset.x-k8s.io/v1alpha2; a test checks the manifest against that definition and its pods against
// Kubernetes' own schema. On TPUs each slice is a child job that has a node pool to itself.

import { stringify } from 'yaml';
import { nodeSelector, podLimits, type TpuSlice, tpuSlice } from './host-resources.ts';
import { type Launch, userVariables } from './launch/launch.ts';
import type { EmittedFile, PlannedJob } from './planned-job.ts';
import { yamlStyle } from './yaml-style.ts';

const port = 29_500;

/** The manifest: a ConfigMap with the launch, and the JobSet. */
export function jobSet(planned: PlannedJob, launch: Launch): EmittedFile[] {
  const { name, host } = planned;
  const slice = tpuSlice(host);
  const files = { 'launch.sh': `set -euo pipefail\n${launch.script}\n` };
  for (const file of launch.files) Object.assign(files, { [file.path]: file.text });
  const documents = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${name}-launch` },
      data: files,
    },
    {
      apiVersion: 'jobset.x-k8s.io/v1alpha2',
      kind: 'JobSet',
      metadata: {
        name,
        ...(slice === null
          ? {}
          : {
              annotations: {
                'alpha.jobset.sigs.k8s.io/exclusive-topology': 'cloud.google.com/gke-nodepool',
              },
            }),
      },
      spec: spec(planned, launch, slice),
    },
  ];
  const text = documents.map(d => stringify(d, yamlStyle)).join('---\n');
  const nodes = host.count + host.spares;
  const head = [
    `# kubectl apply -f ${name}.k8s.yaml   (JobSet: kubernetes-sigs/jobset)`,
    `# The node pool needs ${nodes} nodes of ${host.instance}: ${host.count} work, ${host.spares} are spare.`,
    `# The Secret ${name}-settings holds ${[...Object.keys(userVariables), 'LEARNING_RATE'].join(', ')}.`,
  ];
  return [{ path: `${name}.k8s.yaml`, text: `${head.join('\n')}\n${text}` }];
}

function spec(planned: PlannedJob, launch: Launch, slice: TpuSlice | null): object {
  const { host } = planned;
  const jobs = slice?.count ?? 1;
  const pods = host.count / jobs;
  return {
    network: { enableDNSHostnames: true, publishNotReadyAddresses: true },
    // A lost host restarts all: they go on from the last checkpoint together.
    failurePolicy: { maxRestarts: 1000 },
    successPolicy: { operator: 'All', targetReplicatedJobs: ['hosts'] },
    replicatedJobs: [
      {
        name: 'hosts',
        replicas: jobs,
        template: {
          spec: {
            completionMode: 'Indexed',
            parallelism: pods,
            completions: pods,
            backoffLimit: 0,
            template: { spec: podSpec(planned, launch, slice, pods) },
          },
        },
      },
    ],
  };
}

function podSpec(
  planned: PlannedJob,
  launch: Launch,
  slice: TpuSlice | null,
  podsPerJob: number,
): object {
  const { name, host } = planned;
  const limits = podLimits(host);
  if (limits === null) throw new RangeError(`no device plugin gives out ${host.acceleratorId}`);
  return {
    restartPolicy: 'Never',
    nodeSelector: nodeSelector(host, slice),
    tolerations: tolerations(limits),
    containers: [
      {
        name: 'train',
        image: launch.image,
        command: ['bash', '-c', rendezvous(podsPerJob)],
        workingDir: '/launch',
        envFrom: [{ secretRef: { name: `${name}-settings` } }],
        env: [
          { name: 'NODES', value: String(host.count) },
          { name: 'MASTER_ADDR', value: `${name}-hosts-0-0.${name}` },
          { name: 'MASTER_PORT', value: String(port) },
          {
            name: 'JOB_INDEX',
            valueFrom: {
              fieldRef: { fieldPath: "metadata.annotations['jobset.sigs.k8s.io/job-index']" },
            },
          },
        ],
        ports: [{ containerPort: port }],
        resources: { requests: limits, limits },
        volumeMounts: [
          { name: 'launch', mountPath: '/launch' },
          { name: 'shm', mountPath: '/dev/shm' },
        ],
      },
    ],
    volumes: [
      { name: 'launch', configMap: { name: `${name}-launch` } },
      { name: 'shm', emptyDir: { medium: 'Memory' } },
    ],
  };
}

/** Nodes with chips are tainted with the name of what they have. */
function tolerations(limits: Readonly<Record<string, string>>): object[] {
  const [device] = Object.keys(limits);
  return [{ key: device, operator: 'Exists', effect: 'NoSchedule' }];
}

function rendezvous(podsPerJob: number): string {
  const rank = `$((JOB_INDEX * ${podsPerJob} + JOB_COMPLETION_INDEX))`;
  return `NODE_RANK=${rank} exec bash /launch/launch.sh`;
}

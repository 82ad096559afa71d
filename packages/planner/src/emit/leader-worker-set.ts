// A LeaderWorkerSet that serves a model by vLLM: a group of pods is one replica, its leader the API
// server. Fields are those of leaderworkerset.x-k8s.io/v1. Pods join their leader by variables
// that the set gives them, and by Ray on TPUs, as the project's own examples do
// (kubernetes-sigs/lws docs/examples/vllm and sglang).

import { stringify } from 'yaml';
import { nodeSelector, podLimits, tpuSlice } from './host-resources.ts';
import { needsRay, vllmImage, vllmPort, vllmServe } from './launch/vllm.ts';
import type { EmittedFile, PlannedHosts } from './planned-job.ts';
import type { PlannedServing } from './planned-serving.ts';
import { yamlStyle } from './yaml-style.ts';

/** In vLLM's image for TPUs. */
const ray = 'bash /workspace/vllm/examples/online_serving/multi-node-serving.sh';

/** For checkpoints that Hugging Face gives out only to those who may have them. */
const token = { name: 'hugging-face', key: 'token', optional: true };

/** The manifest: the set and a Service before its leaders. */
export function leaderWorkerSet(serving: PlannedServing): EmittedFile[] {
  const { name, replicas, hosts } = serving;
  const size = hosts.count;
  const { leader, worker } = scriptsOf(serving);
  const labels = { app: name, role: 'leader' };
  const documents = [
    {
      apiVersion: 'leaderworkerset.x-k8s.io/v1',
      kind: 'LeaderWorkerSet',
      metadata: { name, ...placed(hosts) },
      spec: {
        replicas,
        leaderWorkerTemplate: {
          size,
          restartPolicy: 'RecreateGroupOnPodRestart',
          leaderTemplate: {
            metadata: { labels },
            spec: podSpec(serving, 'leader', leader),
          },
          workerTemplate: {
            spec: podSpec(serving, 'worker', worker),
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: {
        selector: labels,
        ports: [{ name: 'http', port: vllmPort, targetPort: vllmPort, protocol: 'TCP' }],
      },
    },
  ];
  const text = documents.map(d => stringify(d, yamlStyle)).join('---\n');
  const rack = size > 1 && /^GB\d/.test(hosts.acceleratorId) ? ', all in one rack (NVL72)' : '';
  const head = [
    `# kubectl apply -f ${name}.k8s.yaml   (LeaderWorkerSet: kubernetes-sigs/lws)`,
    `# A replica is on ${size} ${size === 1 ? 'node' : 'nodes'} of ${hosts.instance}${rack}.`,
    `# The Secret ${token.name}, if there is one, has the ${token.key} of Hugging Face.\n`,
  ].join('\n');
  return [{ path: `${name}.k8s.yaml`, text: head + text }];
}

/** The pods of a replica on a slice are alone in its node pool. */
function placed(hosts: PlannedHosts): object {
  if (hosts.count === 1 || tpuSlice(hosts) === null) return {};
  const topology = 'cloud.google.com/gke-nodepool';
  return { annotations: { 'leaderworkerset.sigs.k8s.io/exclusive-topology': topology } };
}

function scriptsOf(serving: PlannedServing): { leader: string; worker: string } {
  const serve = vllmServe(serving);
  if (serving.hosts.count === 1) return { leader: serve, worker: serve };
  if (needsRay(serving)) {
    return {
      leader: `${ray} leader --ray_cluster_size=$(LWS_GROUP_SIZE)\n${serve}`,
      worker: `${ray} worker --ray_address=$(LWS_LEADER_ADDRESS)`,
    };
  }
  const meet = 'export NODE_RANK="$LWS_WORKER_INDEX" MASTER_ADDR="$LWS_LEADER_ADDRESS"';
  return { leader: `${meet}\n${serve}`, worker: `${meet}\n${serve}` };
}

function podSpec(serving: PlannedServing, role: 'leader' | 'worker', script: string): object {
  const { hosts } = serving;
  const limits = podLimits(hosts);
  if (limits === null) throw new RangeError(`no device plugin gives out ${hosts.acceleratorId}`);
  const [device] = Object.keys(limits);
  return {
    nodeSelector: nodeSelector(hosts, tpuSlice(hosts)),
    tolerations: [{ key: device, operator: 'Exists', effect: 'NoSchedule' }],
    containers: [
      {
        name: `vllm-${role}`,
        image: vllmImage(serving),
        command: ['bash', '-c', script],
        env: [{ name: 'HF_TOKEN', valueFrom: { secretKeyRef: token } }],
        // Cards of the network read and write memory that stays where it is.
        ...(hosts.count > 1 ? { securityContext: { capabilities: { add: ['IPC_LOCK'] } } } : {}),
        resources: { requests: limits, limits },
        ...(role === 'leader'
          ? {
              ports: [{ containerPort: vllmPort }],
              readinessProbe: { tcpSocket: { port: vllmPort }, periodSeconds: 10 },
            }
          : {}),
        volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
      },
    ],
    volumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }],
  };
}

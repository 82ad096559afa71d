// A LeaderWorkerSet that serves a model by vLLM: a group of pods is one replica, its leader the API
// server. Fields are those of leaderworkerset.x-k8s.io/v1; the way workers join the leader by Ray
// is that of the project's own example (kubernetes-sigs/lws docs/examples/vllm).

import { stringify } from 'yaml';
import { nodeSelector, podLimits, tpuSlice } from './host-resources.ts';
import { vllmImage, vllmPort, vllmServe } from './launch/vllm.ts';
import type { EmittedFile } from './planned-job.ts';
import type { PlannedServing } from './planned-serving.ts';
import { yamlStyle } from './yaml-style.ts';

const ray = 'bash /vllm-workspace/examples/online_serving/multi-node-serving.sh';

/** The manifest: the set and a Service before its leaders. */
export function leaderWorkerSet(serving: PlannedServing): EmittedFile[] {
  const { name, replicas, hosts } = serving;
  const size = hosts.count;
  const serve = vllmServe(serving);
  const leader =
    size === 1 ? serve : `${ray} leader --ray_cluster_size=$(LWS_GROUP_SIZE)\n${serve}`;
  const labels = { app: name, role: 'leader' };
  const documents = [
    {
      apiVersion: 'leaderworkerset.x-k8s.io/v1',
      kind: 'LeaderWorkerSet',
      metadata: { name },
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
            spec: podSpec(serving, 'worker', `${ray} worker --ray_address=$(LWS_LEADER_ADDRESS)`),
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
  const head = `# kubectl apply -f ${name}.k8s.yaml   (LeaderWorkerSet: kubernetes-sigs/lws)\n`;
  return [{ path: `${name}.k8s.yaml`, text: head + text }];
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

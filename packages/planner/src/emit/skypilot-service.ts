// A SkyPilot service: replicas of a model behind one endpoint, replaced when they fail. Fields are
// those of SkyServe's YAML (docs/source/serving/service-yaml-spec.rst); `sky serve up` starts it.

import { stringify } from 'yaml';
import { needsRay, vllmPort, vllmServe } from './launch/vllm.ts';
import type { EmittedFile } from './planned-job.ts';
import type { PlannedServing } from './planned-serving.ts';
import { hostResources, skypilotRendezvous } from './skypilot.ts';
import { yamlStyle } from './yaml-style.ts';

/** The service's file. */
export function skypilotService(serving: PlannedServing): EmittedFile[] {
  const { name, hosts, replicas } = serving;
  if (needsRay(serving)) {
    throw new RangeError('a replica over several hosts of TPUs needs Ray: --emit kubernetes');
  }
  const meet = hosts.count > 1 ? `${skypilotRendezvous}\n` : '';
  const service = {
    name,
    service: {
      readiness_probe: { path: '/v1/models', initial_delay_seconds: 1800 },
      replicas,
    },
    num_nodes: hosts.count,
    resources: { ...hostResources(hosts), ports: vllmPort },
    envs: { HF_TOKEN: null },
    setup: 'pip install vllm',
    run: `${meet}${vllmServe(serving)}\n`,
  };
  const text = stringify(service, yamlStyle);
  return [{ path: `${name}.sky.yaml`, text: `# sky serve up ${name}.sky.yaml\n${text}` }];
}

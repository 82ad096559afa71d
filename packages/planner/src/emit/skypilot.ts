// A SkyPilot task: the hosts, on the plan's cloud and region, and the launch on each of them.
// Fields are those of SkyPilot's YAML reference (docs/source/reference/yaml-spec.rst); `sky jobs
// launch` runs it and, when hosts are lost, brings it back by `job_recovery`.

import { stringify } from 'yaml';
import { skypilotAccelerator, tpuName, tpuSlice } from './host-resources.ts';
import { type Launch, userVariables } from './launch/launch.ts';
import type { EmittedFile, PlannedHosts, PlannedJob } from './planned-job.ts';
import { yamlStyle } from './yaml-style.ts';

const cloudNames: Readonly<Record<string, string>> = {
  aws: 'aws',
  azure: 'azure',
  google: 'gcp',
};

/** What the hosts know of each other, in the names that launches use. */
export const skypilotRendezvous: string = [
  'export NODES="$SKYPILOT_NUM_NODES" NODE_RANK="$SKYPILOT_NODE_RANK"',
  'export MASTER_ADDR="$(echo "$SKYPILOT_NODE_IPS" | head -n 1)" MASTER_PORT=29500',
].join('\n');

/** The task's file and the files that it takes along (its folder is the `workdir`). */
export function skypilotTask(planned: PlannedJob, launch: Launch): EmittedFile[] {
  const { host } = planned;
  const slice = tpuSlice(host);
  const task = {
    name: planned.name,
    workdir: '.',
    num_nodes: slice?.count ?? host.count,
    resources: { ...hostResources(host), job_recovery: recovery },
    envs: Object.fromEntries(
      [...Object.keys(userVariables), 'LEARNING_RATE'].map(name => [name, null]),
    ),
    run: `${skypilotRendezvous}\n${launch.script}\n`,
  };
  const text = stringify(task, yamlStyle);
  const start = `sky jobs launch ${planned.name}.sky.yaml`;
  return [{ path: `${planned.name}.sky.yaml`, text: `# ${start}\n${text}` }, ...launch.files];
}

/** Hosts that were taken back or failed are replaced where there are any, soonest first. */
const recovery = { strategy: 'EAGER_NEXT_REGION', max_restarts_on_errors: 100 };

/** Where the hosts are rented, and what is on one. */
export function hostResources(host: PlannedHosts): Record<string, unknown> {
  const cloud = cloudNames[host.cloud];
  if (cloud === undefined) throw new RangeError(`SkyPilot does not know the cloud ${host.cloud}`);
  const infra = host.region === null ? cloud : `${cloud}/${host.region}`;
  return {
    infra,
    ...chips(host),
    use_spot: host.term === 'spot',
    disk_size: 1024,
    ...(cloud === 'azure' || host.count === 1 ? {} : { network_tier: 'best' }),
  };
}

function chips(host: PlannedHosts): Record<string, unknown> {
  const slice = tpuSlice(host);
  if (slice !== null) return { accelerators: `${tpuName(host, slice)}:1` };
  const name = skypilotAccelerator(host);
  if (name === null) return { instance_type: host.instance };
  return { accelerators: `${name}:${host.chips}`, instance_type: host.instance };
}

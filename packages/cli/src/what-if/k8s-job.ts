// A comparison as an Indexed Job of Kubernetes: each pod replays its share of the seeds.

import type { WhatIfSpec } from './what-if-spec.ts';

export interface K8sOptions {
  readonly image: string;
  /** A claim that all pods mount: the traffic is read there and the parts are written there. */
  readonly claim: string;
  readonly pods: number;
  /** The command: `what-if` or `what-if sweep`, with the user's own options. */
  readonly command: readonly string[];
}

const folder = '/data';

/** The manifest, in YAML. */
export function k8sJob({ image, claim, pods, command }: K8sOptions): string {
  const part = [
    ...['--part', `$(JOB_COMPLETION_INDEX)/${pods}`],
    ...['--json', `${folder}/part-$(JOB_COMPLETION_INDEX).json`],
  ];
  const args = [...command, ...part].map(text => `            - ${JSON.stringify(text)}`);
  return `# kubectl apply -f FILE; when the job is complete, with the claim mounted at ${folder}:
#   entrepot what-if merge ${folder}/part-*.json
apiVersion: batch/v1
kind: Job
metadata:
  name: entrepot-what-if
spec:
  completionMode: Indexed
  completions: ${pods}
  parallelism: ${pods}
  backoffLimitPerIndex: 2
  template:
    spec:
      restartPolicy: Never
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        fsGroup: 1000
      containers:
        - name: replay
          image: ${JSON.stringify(image)}
          workingDir: ${folder}
          command: ["entrepot"]
          args:
${args.join('\n')}
          resources:
            requests: { cpu: "2", memory: 1Gi }
            limits: { memory: 2Gi }
          volumeMounts:
            - { name: data, mountPath: ${folder} }
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: ${JSON.stringify(claim)} }
`;
}

/** The options that made a comparison. A pod finds the files in the folder of the claim. */
export function commandOf(name: readonly string[], spec: WhatIfSpec): string[] {
  const option = (flag: string, value: string | null): string[] =>
    value === null ? [] : [`--${flag}`, value];
  return [
    ...name,
    ...option('traffic', spec.traffic),
    ...option('format', spec.format),
    ...option('map', spec.map),
    ...option('routes', spec.routes),
    ...option('route', spec.route),
    ...option('counted-by', spec.countedBy),
    ...option('config', spec.config),
    ...option('policy', spec.policy),
    ...(spec.traffic === 'ledger' ? option('ledger', spec.ledger) : []),
    ...option('quality', spec.quality),
    ...option('min-quality', spec.minQuality === null ? null : String(spec.minQuality)),
    ...option('catalog', spec.catalog),
    ...option('as-of', spec.asOf),
    ...spec.scenarios.flatMap(scenario => option('scenario', scenario)),
    ...spec.vary.flatMap(({ name, values }) => option('vary', `${name}=${values.join(',')}`)),
    ...option('fit', spec.fit),
    ...option('seeds', String(spec.seeds)),
  ];
}

// What `what-if` and `what-if sweep` share: replaying, the seeds of a part, a job for Kubernetes.

import { type CommandInput, type Output, UsageError } from '../command.ts';
import { checkOutputFiles, write } from '../output-files.ts';
import { compare, type Replayed } from './compare.ts';
import { commandOf, k8sJob } from './k8s-job.ts';
import { partText } from './part-file.ts';
import { withTrafficFile } from './traffic-file.ts';
import { countOf, type WhatIfSpec } from './what-if-spec.ts';

export const partOptions = {
  threads: { type: 'string' },
  part: { type: 'string' },
  emit: { type: 'string' },
  image: { type: 'string' },
  claim: { type: 'string' },
  pods: { type: 'string' },
} as const;

export const partHelp = `  --threads N       replays at the same time (one for each processor)
  --emit k8s        print an Indexed Job for Kubernetes instead: --pods N (one for each seed),
                    --image I, --claim C (the volume claim with the traffic)
  --part I/N        only the I-th of N shares of the seeds, from 0; --json FILE gets a part, and
                    "entrepot what-if merge" makes the report of all parts`;

/** The comparison; null when a job or a part was asked for and written. */
export async function replayed(
  name: readonly string[],
  spec: WhatIfSpec,
  input: CommandInput,
  output: Output,
): Promise<Replayed | null> {
  const { values } = input;
  checkOutputFiles(input, ['json', 'html']);
  const text = (option: string): string | null => {
    const value = values[option];
    return typeof value === 'string' ? value : null;
  };
  const emit = text('emit');
  if (emit !== null) {
    if (emit !== 'k8s') throw new UsageError(`--emit ${emit}: there is only k8s`);
    const pods = countOf('--pods', text('pods'), spec.seeds, spec.seeds);
    const image = text('image') ?? 'entrepot:latest';
    const claim = text('claim') ?? 'entrepot-what-if';
    output.print(k8sJob({ image, claim, pods, command: commandOf(name, spec) }).trimEnd());
    return null;
  }
  const part = text('part');
  const threads = text('threads');
  const count = threads === null ? null : countOf('--threads', threads, 1, 256);
  const seeds = seedsOf(spec.seeds, part);
  const found = await withTrafficFile(spec, file => compare(spec, file, seeds, count, output));
  if (part === null) return found;
  const file = text('json');
  if (file === null || file === '-') throw new UsageError('--part needs --json FILE');
  if (found.isPartial) throw new UsageError('stopped: the part is not whole and not written', 130);
  write('json', file, partText(found, spec.seeds));
  return null;
}

function seedsOf(seeds: number, part: string | null): readonly number[] {
  const all = Array.from({ length: seeds }, (_, i) => i + 1);
  if (part === null) return all;
  const match = /^(\d+)\/(\d+)$/.exec(part);
  const [index, parts] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
  if (match === null || index >= parts || parts > seeds) {
    throw new UsageError(
      `--part ${part}: write I/N with I from 0 and N up to the seeds (${seeds})`,
    );
  }
  return all.filter((_, i) => i % parts === index);
}

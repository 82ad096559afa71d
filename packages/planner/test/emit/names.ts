// Which names of theirs the emitted files use of each engine whose definitions no package registry
// has: flags, options, fields, keys.

import { launch } from '@entrepot/planner/emit/launch/launch';
import { vllmServe } from '@entrepot/planner/emit/launch/vllm';
import { leaderWorkerSet } from '@entrepot/planner/emit/leader-worker-set';
import { parse, parseAllDocuments } from 'yaml';
import {
  mixtureOnH200,
  onH100,
  onTpu,
  onTrainium2,
  plannedServings,
  servingExperts,
} from './planned.ts';

/** By engine; sorted, each once. */
export const usedNames: Readonly<Record<string, readonly string[]>> = {
  'megatron-lm': distinct(megatronFlags()),
  'megatron-bridge': distinct(
    matches(launch(mixtureOnH200, 'megatron-bridge').script, / --([a-z]+(?:_[a-z]+)*)(?= )/g),
  ),
  torchtitan: distinct(
    matches(launch(onH100, 'torchtitan').files[0]!.text, /^ {4}[a-z_.]+\.([a-z_]+) = /gm),
  ),
  maxtext: distinct(matches(launch(onTpu).script, /[ \n]([a-z_]+)=/g)),
  'nxd-training': distinct(keysOf(parse(launch(onTrainium2).files[0]!.text) as object)),
  vllm: distinct(vllmFlags()),
  'leader-worker-set': distinct(
    plannedServings.flatMap(serving => {
      const [set] = parseAllDocuments(leaderWorkerSet(serving)[0]!.text);
      return pathsOf(set!.toJS() as object);
    }),
  ),
};

/** Megatron-LM's own, without those of torchrun before its script. */
function megatronFlags(): string[] {
  const sharded = {
    ...onH100,
    layout: { ...onH100.layout, sharding: 'zero3', shards: 64 },
  } as const;
  const fp4 = { ...onH100, job: { ...onH100.job, precision: 'nvfp4' } } as const;
  return [onH100, mixtureOnH200, sharded, fp4].flatMap(planned => {
    const { script } = launch(planned);
    return matches(script.slice(script.indexOf('pretrain_gpt.py')), / --([a-z][a-z0-9-]+)/g);
  });
}

/** `no-` turns a flag off: it is named without. What follows all2all-backend is a name too. */
function vllmFlags(): string[] {
  const amd = { ...servingExperts.hosts, family: 'amd', acceleratorId: 'MI300X' } as const;
  const rack = { ...servingExperts.hosts, acceleratorId: 'GB200' };
  const servings = [amd, rack].map(hosts => ({ ...servingExperts, hosts }));
  return [...plannedServings, ...servings].flatMap(serving => {
    const text = vllmServe(serving);
    const backends = matches(text, /--all2all-backend (\w+)/g);
    return [...matches(text, /[ "]--(?:no-)?([a-z][a-z0-9-]+)/g), ...backends];
  });
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(match => match[1]!);
}

function keysOf(tree: object): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? [key, ...keysOf(value)] : [key],
  );
}

/** `spec.leaderWorkerTemplate.size`; items of lists under the name of their list. */
function pathsOf(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap(item => pathsOf(item, path));
  if (typeof node !== 'object' || node === null) return [path];
  // Names in metadata and node selectors are the operator's own, not the engine's.
  if (/(^|\.)(metadata|nodeSelector|labels|limits|requests)$/.test(path)) return [path];
  return Object.entries(node).flatMap(([key, value]) =>
    pathsOf(value, path === '' ? key : `${path}.${key}`),
  );
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

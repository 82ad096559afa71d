// Looks up in checkouts of the engines themselves each name that emitted files use of them, and
// keeps what was found where and when: packages/planner/test/emit/known-names.json. To be run when
// a launch uses a new name. Names that are nowhere are told, and are not kept.
//
//   node tools/validators/write-known-names.ts megatron-lm=PATH torchtitan=PATH ...

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { KnownNames } from '../../packages/planner/test/emit/known-names.ts';
import { usedNames } from '../../packages/planner/test/emit/names.ts';

const file = join(import.meta.dirname, '../../packages/planner/test/emit/known-names.json');

/** Of each engine: its repository, where its names stand in it, and how one is told there. */
const engines: Readonly<Record<string, Engine>> = {
  'megatron-lm': {
    repository: 'NVIDIA/Megatron-LM',
    under: 'megatron',
    ending: '.py',
    has: isFlag,
  },
  'megatron-bridge': {
    repository: 'NVIDIA-NeMo/Megatron-Bridge',
    under: 'scripts',
    ending: '.py',
    has: (text, name) => text.includes(`"--${name}"`),
  },
  torchtitan: {
    repository: 'pytorch/torchtitan',
    under: 'torchtitan',
    ending: '.py',
    has: isField,
  },
  maxtext: {
    repository: 'AI-Hypercomputer/maxtext',
    under: 'src/maxtext/configs',
    ending: 'base.yml',
    has: isKey,
  },
  'nxd-training': {
    repository: 'aws-neuron/neuronx-distributed-training',
    under: 'examples',
    ending: '.yaml',
    has: (text, name) => new RegExp(`^\\s*${name}:`, 'm').test(text),
  },
  // A wheel of it, unpacked: the folder is named vllm-VERSION.
  vllm: {
    repository: 'vllm-project/vllm',
    under: 'vllm',
    ending: '.py',
    has: (text, name) => text.includes(`"--${name}"`) || text.includes(`"${name}"`),
  },
  'leader-worker-set': {
    repository: 'kubernetes-sigs/lws',
    under: 'config/crd/bases',
    ending: 'leaderworkersets.yaml',
    has: isPath,
  },
};

interface Engine {
  readonly repository: string;
  readonly under: string;
  readonly ending: string;
  has(text: string, name: string): boolean;
}

const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, KnownNames>;
for (const argument of process.argv.slice(2)) {
  const [name, path] = argument.split('=') as [string, string | undefined];
  const engine = engines[name];
  if (engine === undefined || path === undefined) {
    throw new Error(`${argument}: one of ${Object.keys(engines).join(', ')}, and = its checkout`);
  }
  const text = textOf(join(path, engine.under), engine.ending);
  const found = usedNames[name]!.filter(used => engine.has(text, used));
  const missing = usedNames[name]!.filter(used => !found.includes(used));
  known[name] = {
    source: `${sourceOf(path, engine)} ${engine.under}`,
    seenOn: new Date().toISOString().slice(0, 10),
    names: found,
  };
  console.log(`${name}: ${found.length} found; not there: ${missing.join(', ') || 'none'}`);
}
writeFileSync(file, `${JSON.stringify(known, null, 2)}\n`);

/** The commit of a checkout; the release of what a package registry has. */
function sourceOf(path: string, { repository }: Engine): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], {
    cwd: path,
    encoding: 'utf8',
  });
  if (status === 0) return `github.com/${repository}@${stdout.trim()}`;
  return `pypi.org/project/${basename(path).replace(/-(?=[\d.]+$)/, '/')}`;
}

function textOf(folder: string, ending: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(ending))
    .map(path => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
}

/** Named as it is, or made of a dataclass' field: `fp8` is `--fp8-format`, and so on. */
function isFlag(text: string, flag: string): boolean {
  return text.includes(`--${flag}'`) || text.includes(`--${flag}"`) || isField(text, fieldOf(flag));
}

function fieldOf(flag: string): string {
  const field = flag.replaceAll('-', '_');
  return field.replace(/^(fp[48])_format$/, '$1').replace(/^num_experts$/, 'num_moe_experts');
}

function isField(text: string, field: string): boolean {
  return new RegExp(`^ +${field}\\s*:`, 'm').test(text);
}

function isKey(text: string, key: string): boolean {
  return new RegExp(`^${key}:`, 'm').test(text);
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Whether the definition of a custom resource has the field at this path. */
function isPath(text: string, path: string): boolean {
  const { spec } = parse(text) as {
    spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
  };
  let node: Schema | undefined = spec.versions[0]!.schema.openAPIV3Schema;
  for (const name of path.split('.')) {
    node = node?.items ?? node;
    node = node?.properties?.[name];
  }
  return node !== undefined;
}

// The package that is published: the bundle with its data, manifest and licences.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../tidy/source-files.ts';
import { bundle, outside } from './bundle.ts';
import { notices } from './notices.ts';

/** Makes the folder anew. */
export async function buildPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { data, sources } = await bundle(folder);
  for (const path of data) cpSync(path, join(folder, basename(path)), { recursive: true });
  for (const page of ['README.md', 'LICENSE']) cpSync(join(root, page), join(folder, page));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), notices(sources));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

function manifest(): Readonly<Record<string, unknown>> {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const { version, description, license } = JSON.parse(text) as Record<string, string>;
  return {
    name: 'entrepot',
    version,
    description,
    license,
    type: 'module',
    bin: { entrepot: './entrepot.js' },
    engines: { node: '>=24' },
    optionalDependencies: Object.fromEntries(Object.entries(outside).map(pinned)),
  };
}

/** The version of a library that the sources were tested with. */
function pinned([name, manifest]: [string, string]): [string, string] {
  const { dependencies } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return [name, dependencies[name]!];
}

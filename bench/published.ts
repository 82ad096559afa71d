// The gateway as users have it: the package that is published, made anew from this checkout.

import { join } from 'node:path';
import { buildPackage } from '../tools/build/package.ts';
import { cacheFolder } from './cache.ts';

let made: Promise<string> | null = null;

/** The script of the `entrepot` command; built once by each run. */
export function publishedEntry(): Promise<string> {
  made ??= build();
  return made;
}

async function build(): Promise<string> {
  const folder = join(cacheFolder('entrepot'), 'dist');
  await buildPackage(folder);
  return join(folder, 'entrepot.js');
}

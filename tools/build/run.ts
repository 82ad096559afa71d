// npm run build: makes dist/, the package that is published, and says how large it is.

import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tidy/source-files.ts';
import { buildPackage } from './package.ts';

const folder = join(root, 'dist');
await buildPackage(folder);
const sizes = globSync('**', { cwd: folder }).map(path => statSync(join(folder, path)));
const files = sizes.filter(s => s.isFile());
const bytes = files.reduce((sum, s) => sum + s.size, 0);
console.log(
  `dist/: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB; "npm pack ./dist" packs it`,
);

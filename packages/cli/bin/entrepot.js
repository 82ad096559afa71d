#!/usr/bin/env node
// Starts the command. Plain JavaScript, so that a Node that is too old gets a message, not a stack.

// Not by its name: an old Node does not have it, and would stop at the import.
import * as nodeModule from 'node:module';
import { setFlagsFromString } from 'node:v8';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `entrepot needs Node 24 or later; this is ${process.versions.node}.\n` +
      'Inside the repository use "npx entrepot ...": it runs on the Node that the project pins.\n',
  );
  process.exit(2);
}
// Bodies lie outside V8's heap. Unless they count together with it, some tens of MB of them start a
// collection of the whole heap: at 1 MB and 30 a second, six each second of 20 ms.
setFlagsFromString('--external-memory-accounted-in-global-limit');
// V8 learns that undici's array of an answer's headers lives long, as on an idle connection, and
// puts each new one among the old objects. Dead, it still keeps its headers there, and young
// collections copy those of every request: 6 ms at a time instead of 1.
setFlagsFromString('--no-allocation-site-pretenuring');
// By its environment the ledger's thread has the cache too.
const { directory } = nodeModule.enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv.slice(2));

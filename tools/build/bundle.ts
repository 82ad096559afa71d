// The command and the scripts of its threads as JavaScript, bundled with the libraries they use.
// In the sources `new URL('./file.ts', import.meta.url)` names a script and
// `new URL('../folder/', import.meta.url)` a folder of data. Both are found here, and where they
// are named they then stand beside the bundle, which is one flat folder.

import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { root, sourceFiles } from '../tidy/source-files.ts';

const command = 'packages/cli/bin/entrepot.js';
const place = /new URL\('([^']+)', import\.meta\.url\)/g;
const libraryPlace = /new URL\(import\.meta\.resolve\('([^']+)'\)\)/g;
const isScript = /\.ts$/;
const isFolder = /\/$/;

export interface Bundle {
  /** Folders and files of data, absolute, to be copied beside the bundle by their own names. */
  readonly data: readonly string[];
  /** Absolute paths of all files that are in it, whole or in part. */
  readonly sources: readonly string[];
}

/**
 * Libraries that stay outside, with the package that has their version: one is a program for each
 * kind of machine, the other finds the scripts of its threads beside itself. npm installs them with
 * the published package where it can; only `what-if` and `ledger export` need them.
 */
export const outside: Readonly<Record<string, string>> = {
  '@duckdb/node-api': 'packages/traffic/package.json',
  piscina: 'packages/cli/package.json',
};

/** Writes the bundle into a folder that is there. Throws for what esbuild warns of. */
export async function bundle(outdir: string): Promise<Bundle> {
  const places = named();
  const scripts = places.filter(path => isScript.test(path));
  const { metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: [command, ...scripts],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    // Names stay: they are in stacks and in the names of errors.
    minifySyntax: true,
    minifyWhitespace: true,
    // Libraries in CommonJS call require() for what Node brings.
    banner: {
      js: "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);",
    },
    metafile: true,
    external: Object.keys(outside),
    plugins: [besides, lateLibraries],
    logLevel: 'silent',
  });
  const [warning] = warnings;
  if (warning !== undefined) throw new Error(`esbuild: ${warning.text}`);
  const files = libraryFiles();
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return {
    data: [...places.filter(path => isFolder.test(path)), ...files],
    sources: [...bundled.map(path => join(root, path)), ...files],
  };
}

/** Absolute paths of all that sources name beside themselves. */
function named(): string[] {
  const sources = sourceFiles(/^packages\/[^/]+\/src\/.*\.ts$/);
  const paths = sources.flatMap(({ path, text }) =>
    [...text.matchAll(place)].map(([, name]) => join(root, dirname(path), name!)),
  );
  return [...new Set(paths)];
}

/** Absolute paths of the files of libraries that sources name. */
function libraryFiles(): string[] {
  const sources = sourceFiles(/^packages\/[^/]+\/src\/.*\.ts$/);
  const names = sources.flatMap(({ text }) => [...text.matchAll(libraryPlace)].map(m => m[1]!));
  return [...new Set(names)].map(name => fileURLToPath(import.meta.resolve(name)));
}

const besides: Plugin = {
  name: 'besides',
  setup({ onLoad }) {
    onLoad({ filter: /\/packages\/[^/]+\/src\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll(libraryPlace, (_, name: string) => besideUrl(basename(name)))
        .replaceAll(place, (_, name: string) => besideUrl(besideName(name))),
    }));
  },
};

function besideUrl(name: string): string {
  return `new URL('./${name}', import.meta.url)`;
}

function besideName(name: string): string {
  return isFolder.test(name) ? `${basename(name)}/` : basename(name).replace(isScript, '.js');
}

/**
 * A library in CommonJS that is loaded by import() would export nothing but a default: esbuild does
 * not look for its names. They are those that Node finds.
 */
const lateLibraries: Plugin = {
  name: 'late-libraries',
  setup({ onLoad, onResolve }) {
    const namespace = 'late-library';
    onResolve({ filter: /^[@a-z][^:]*$/ }, ({ path, kind, importer, resolveDir }) =>
      kind === 'dynamic-import' &&
      importer.startsWith(join(root, 'packages/')) &&
      !(path in outside)
        ? { path, namespace, pluginData: resolveDir }
        : null,
    );
    onLoad({ filter: /.*/, namespace }, async ({ path, pluginData }) => {
      const names = Object.keys(await import(path)).filter(name => /^(?!default$)\w+$/.test(name));
      return {
        contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`,
        resolveDir: pluginData as string,
      };
    });
  },
};

// The licences of the libraries that are in a bundle, as those libraries ship them.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Library {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Of its licence and notice files, or of its README; empty where it ships none. */
  readonly text: string;
}

const licenseFile = /^(licen[cs]e|copying|notice)/i;

/** A page with every licence text once, under the libraries that it covers. */
export function notices(sources: readonly string[]): string {
  const byText = Map.groupBy(librariesOf(sources), library => library.text);
  const parts = [...byText].map(([text, libraries]) => {
    const names = libraries.map(l => `${l.name} ${l.version} (${l.license})`);
    return `${names.join('\n')}\n\n${text || noText(libraries)}`;
  });
  const head = 'This package contains the following libraries, each under its own licence.';
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `${[head, ...parts].join(line)}\n`;
}

/** Apache 2.0 is this package's own licence; a text that is nowhere cannot be passed on. */
function noText(libraries: readonly Library[]): string {
  const other = libraries.find(l => l.license !== 'Apache-2.0');
  if (other === undefined) return 'Apache License 2.0: see LICENSE.';
  throw new Error(`${other.name} ${other.version} ships no text of its licence ${other.license}`);
}

function librariesOf(sources: readonly string[]): Library[] {
  const folders = new Set<string>();
  for (const path of sources) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort().map(readLibrary);
}

function readLibrary(folder: string): Library {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) throw new Error(`${folder} has no package.json`);
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Library;
  if (typeof license !== 'string') throw new Error(`${name} names no licence`);
  const read = (file: string): string =>
    readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const files = readdirSync(folder).sort();
  const texts = files.filter(file => licenseFile.test(file)).map(read);
  const page = files.find(file => /^readme\.md$/i.test(file));
  if (texts.length === 0 && page !== undefined) texts.push(licenseSection(read(page)));
  return { name, version, license, text: texts.join('\n\n') };
}

/** What a README says under the title of licence, where that is a text and no mere name. */
function licenseSection(page: string): string {
  const section = /^(?:#+ *licen[cs]e|licen[cs]e\n-+) *\n([^#]*)/im.exec(page)?.[1]?.trim() ?? '';
  return /copyright/i.test(section) ? section : '';
}

// The versions of the operator's policies: each a folder that is written once and never changed,
// and a history to which is only added. Version 0 is what the configuration says itself. What is in
// force is the last whole line of the history, so that a crash leaves either the old or the new.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogFile } from '@entrepot/catalog/catalog';
import { appendDurably, syncFolder, writeDurably } from './durable-file.ts';

export interface PolicyVersion {
  readonly version: number;
  /** A scenario whose policy it is, or the policy alone. */
  readonly file: CatalogFile;
  /** The scores that it goes by, where it asks for a least quality. */
  readonly quality: CatalogFile | null;
  readonly title: string;
}

export interface HistoryLine {
  /** ISO, UTC. */
  readonly at: string;
  readonly action: 'promote' | 'rollback';
  /** In force from then on. */
  readonly version: number;
  readonly title: string;
  /** The case of the report that this policy is. */
  readonly scenario: string | null;
}

const historyName = 'history.jsonl';

function policiesIn(folder: string): string {
  return join(folder, 'policies');
}

export function versionFolder(folder: string, version: number): string {
  return join(policiesIn(folder), String(version).padStart(4, '0'));
}

/** Oldest first. A line that a crash cut off is none. */
export function policyHistory(folder: string): readonly HistoryLine[] {
  const path = join(policiesIn(folder), historyName);
  if (!existsSync(path)) return [];
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.flatMap(line => {
    try {
      return [JSON.parse(line) as HistoryLine];
    } catch {
      return [];
    }
  });
}

/** null for version 0. */
export function policyInForce(folder: string): PolicyVersion | null {
  const { version, title } = policyHistory(folder).at(-1) ?? { version: 0, title: '' };
  if (version === 0) return null;
  const read = (name: string): CatalogFile => {
    const path = join(versionFolder(folder, version), name);
    return { path, text: readFileSync(path, 'utf8') };
  };
  const hasQuality = existsSync(join(versionFolder(folder, version), 'quality.yaml'));
  const quality = hasQuality ? read('quality.yaml') : null;
  return { version, title, file: read('policy.yaml'), quality };
}

/** Keeps the files as a new version, and then puts it in force. */
export function promotePolicy(
  folder: string,
  files: Readonly<Record<string, string>>,
  line: Omit<HistoryLine, 'version' | 'action'>,
): number {
  const policies = policiesIn(folder);
  mkdirSync(policies, { recursive: true });
  const beside = join(policies, `.new-${randomBytes(6).toString('hex')}`);
  mkdirSync(beside);
  for (const [name, text] of Object.entries(files)) writeDurably(join(beside, name), text);
  const version = claim(folder, beside);
  syncFolder(policies);
  addLine(folder, { ...line, action: 'promote', version });
  return version;
}

/** Puts a version in force again; 0 for what the configuration says. */
export function rollbackPolicy(folder: string, line: Omit<HistoryLine, 'action'>): void {
  addLine(folder, { ...line, action: 'rollback' });
}

/** The next number that is free, also when another promotes at the same time. */
function claim(folder: string, beside: string): number {
  const taken = readdirSync(policiesIn(folder)).map(Number).filter(Number.isInteger);
  for (let version = Math.max(0, ...taken) + 1; ; version++) {
    try {
      // A folder that is not empty is never replaced.
      renameSync(beside, versionFolder(folder, version));
      return version;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw cause;
      if (!existsSync(versionFolder(folder, version))) throw cause;
    }
  }
}

function addLine(folder: string, line: HistoryLine): void {
  const path = join(policiesIn(folder), historyName);
  const isCut = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'));
  appendDurably(path, `${isCut ? '\n' : ''}${JSON.stringify(line)}\n`);
}

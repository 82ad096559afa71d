// Runs with an environment of its own: a home that is empty, and none of the variables that would
// lead an official credential chain to this machine's own credentials.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `run` gets the home, and may change the environment: it is put back as it was. */
export async function inEnvironment(
  without: RegExp,
  variables: Readonly<Record<string, string>>,
  run: (home: string) => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  const home = mkdtempSync(join(tmpdir(), 'entrepot-home-'));
  for (const name of Object.keys(process.env)) if (without.test(name)) delete process.env[name];
  Object.assign(process.env, { HOME: home, ...variables });
  try {
    await run(home);
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
    rmSync(home, { recursive: true });
  }
}

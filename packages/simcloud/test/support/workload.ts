// A workload of another cloud that is known to the simulated Google: its token in a file, and the
// configuration that Google's own library exchanges it by.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { GoogleIdentity } from '../../src/identity/google-identity.ts';

export interface Workload {
  readonly identity: GoogleIdentity;
  /** As a file of type `external_account` has it. */
  readonly credentials: { readonly type: 'external_account'; readonly [field: string]: unknown };
}

export async function startWorkload(t: TestContext): Promise<Workload> {
  const identity = new GoogleIdentity({ subjectTokens: ['a-workload'] });
  await identity.server.listen();
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-workload-'));
  t.after(async () => {
    await identity.server.close();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'token');
  writeFileSync(file, 'a-workload');
  const credentials = {
    type: 'external_account',
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${identity.server.url}/v1/token`,
    credential_source: { file },
  } as const;
  return { identity, credentials };
}

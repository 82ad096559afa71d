// Azure OpenAI's own addresses, so that code written for it moves by its endpoint: what it calls a
// deployment is a route here. Versions of its API are not looked at. (learn.microsoft.com, "Azure
// OpenAI in Azure AI Foundry Models REST API reference", seen 2026-11-24)

import type { WholeDialect } from '@entrepot/dialects/dialect';
import { spliceMembers } from '@entrepot/dialects/json-splice';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import { openaiCompletions } from '@entrepot/dialects/openai-completions/dialect';
import { openaiEmbeddings } from '@entrepot/dialects/openai-embeddings/dialect';

/** Where the path names the deployment. */
const deploymentPath =
  /^\/openai\/deployments\/([^/]+)\/(chat\/completions|completions|embeddings)$/;

const operations: ReadonlyMap<string, WholeDialect> = new Map<string, WholeDialect>([
  ['chat/completions', openaiChat],
  ['completions', openaiCompletions],
  ['embeddings', openaiEmbeddings],
]);

export interface AzureDeployment {
  readonly dialect: WholeDialect;
  /** As it stands in the path. */
  readonly deployment: string;
}

/** null for a path that names no deployment. */
export function azureDeploymentAt(path: string): AzureDeployment | null {
  const match = deploymentPath.exec(path);
  const dialect = operations.get(match?.[2] ?? '');
  return match === null || dialect === undefined ? null : { dialect, deployment: match[1]! };
}

/** The body with the deployment as its model, which it need not have. Throws DialectError. */
export function withDeployment(body: Uint8Array, deployment: string): Buffer {
  return Buffer.from(spliceMembers(body, [], { model: JSON.stringify(deployment) }));
}

/**
 * The path as openai has it: of the v1 API, and of what names its model in the body in the dated
 * ones. Any other path as it is.
 */
export function withoutAzure(path: string): string {
  if (!path.startsWith('/openai/')) return path;
  const rest = path.slice('/openai'.length);
  if (rest.startsWith('/v1/')) return rest;
  return /^\/(responses|models)(\/|$)/.test(rest) ? `/v1${rest}` : path;
}

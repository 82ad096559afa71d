// From the bytes of a call to the canonical request, through the cloud's dialect.

import { DialectError, type PathFields, type WholeDialect } from '@entrepot/dialects/dialect';
import { invalid, type Refusal } from './refusal.ts';

/** What a path says of the request in its body. */
interface Named {
  readonly model: string | null;
  readonly path: PathFields | null;
}

/** What the dialect cannot read is refused in its own words. */
export function decodeCall<Request extends { readonly model: string }>(
  dialect: WholeDialect,
  named: Named,
  body: Uint8Array,
): Request | Refusal {
  try {
    const request = decode(dialect, named, body) as Request;
    return named.model === null ? request : { ...request, model: named.model };
  } catch (error) {
    if (!(error instanceof DialectError)) throw error;
    return invalid(error.error.message, error.error.field ?? null, error.error.code ?? null);
  }
}

/** A dated Azure path names the deployment, and the body need not say a model at all. */
function decode(dialect: WholeDialect, { model, path }: Named, body: Uint8Array): unknown {
  if (path !== null) return dialect.decodeRequest(body, path);
  try {
    return dialect.decodeRequest(body);
  } catch (error) {
    const named = model === null ? null : withModel(body, model);
    if (named === null) throw error;
    return dialect.decodeRequest(named);
  }
}

function withModel(body: Uint8Array, model: string): Uint8Array | null {
  const text = Buffer.from(body).toString();
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || 'model' in value) return null;
    return Buffer.from(JSON.stringify({ ...value, model }));
  } catch {
    return null;
  }
}

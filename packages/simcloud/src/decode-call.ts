// From the bytes of a call to the canonical request, through the cloud's dialect.

import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import { DialectError } from '@entrepot/dialects/dialect';
import type { Route } from './clouds/face.ts';
import { invalid, type Refusal } from './refusal.ts';

/** What the dialect cannot read is refused in its own words. */
export function decodeCall(route: Route, body: Uint8Array): CanonicalRequest | Refusal {
  try {
    const request = decode(route, body);
    return route.model === null ? request : { ...request, model: route.model };
  } catch (error) {
    if (!(error instanceof DialectError)) throw error;
    return invalid(error.error.message, error.error.field ?? null, error.error.code ?? null);
  }
}

/** A dated Azure path names the deployment, and the body need not say a model at all. */
function decode(route: Route, body: Uint8Array): CanonicalRequest {
  const { dialect } = route.speech;
  if (route.path !== null) return dialect.decodeRequest(body, route.path);
  try {
    return dialect.decodeRequest(body);
  } catch (error) {
    const named = route.model === null ? null : withModel(body, route.model);
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

// The verdict of one cell of the capability table as it is in truth: the sample of the feature,
// written for the target and read again.

import { isDeepStrictEqual } from 'node:util';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { RequestFeature } from '@entrepot/dialects/capabilities/feature';
import { writeFor } from '@entrepot/dialects/capabilities/judge';
import type { Target } from '@entrepot/dialects/capabilities/targets';
import type { ToldLoss } from '@entrepot/dialects/capabilities/verdict';
import type { Dialect, Loss } from '@entrepot/dialects/dialect';
import { dialects } from './dialects.ts';
import type { Fields } from './samples/body.ts';

/** `changed`: nothing is reported, and the target reads something else, if anything. */
export interface Judged {
  readonly is: 'carried' | 'changed' | 'refused' | 'lossy';
  readonly losses: readonly ToldLoss[];
  /** What is sent; null where nothing can be. */
  readonly body: Fields | null;
}

export function decode(caller: Dialect, sample: Fields, stream: boolean): CanonicalRequest {
  return caller.decodeRequest(Buffer.from(JSON.stringify(sample)), { model: 'm', stream });
}

export function judge(feature: RequestFeature, request: CanonicalRequest, target: Target): Judged {
  const written = writeFor(request, dialects[target.dialect], target.model);
  if (!('again' in written)) {
    const { field = '', reason } = written;
    return { is: 'refused', losses: [told({ field, reason })], body: null };
  }
  const body = JSON.parse(String(Buffer.from(written.body))) as Fields;
  const losses = written.losses.map(told);
  if (losses.length > 0) {
    const isMinor = written.losses.every(loss => loss.isMinor === true);
    return { is: isMinor ? 'lossy' : 'refused', losses, body };
  }
  const isSame = isDeepStrictEqual(
    plain(feature.content(written.again)),
    plain(feature.content(request)),
  );
  return { is: isSame ? 'carried' : 'changed', losses, body };
}

/** Places of a kind are one: messages are merged and split on the way. */
export function told({ field, reason }: Loss): ToldLoss {
  return { field: field.replace(/\[\d+\]/g, '[]'), reason };
}

/** Without the fields that are undefined. */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

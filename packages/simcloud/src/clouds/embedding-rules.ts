// What clouds refuse of requests for vectors.

import type { Asked } from '../errand.ts';
import type { SimulatedModel } from '../model.ts';
import { invalid, type Refusal } from '../refusal.ts';
import type { WireCall } from './face.ts';

/** A length that the model does not have. */
export function checkLength(
  request: Asked,
  _call: WireCall,
  { vectors }: SimulatedModel,
): Refusal | null {
  if (!('inputs' in request) || request.dimensions === undefined || vectors === undefined) {
    return null;
  }
  if (vectors.hasOneLength) {
    return invalid('This model does not support specifying dimensions.', 'dimensions');
  }
  return request.dimensions <= vectors.dimensions
    ? null
    : invalid(
        `${request.dimensions} is greater than the maximum of ${vectors.dimensions} - 'dimensions'`,
        'dimensions',
      );
}

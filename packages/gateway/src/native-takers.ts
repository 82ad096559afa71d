// Who takes a body of a model's own form: deployments that are asked in it, of one model. Its marks
// mean something else to another model, and the body does not say whose they are.

import { bedrockNative } from '@entrepot/dialects/bedrock-native/dialect';
import type { Intent } from '@entrepot/engine/intent';
import { gatewayError, Refusal } from './errors.ts';
import type { Gateway } from './gateway.ts';
import type { Understood } from './path/understand.ts';
import type { GatewayRoute } from './routes.ts';

/**
 * The intent for the deployments of the first model of the route, as it is configured, that takes
 * the body. Throws a Refusal (400) where there is none.
 */
export function forTakers(
  gateway: Gateway,
  { route }: GatewayRoute,
  intent: Intent,
  { body, scan }: Understood,
): Intent {
  const takers = route.deployments.filter(({ id }) => {
    const upstream = gateway.upstream(id);
    return upstream.speaks(bedrockNative.name) && bedrockNative.takes!(body, scan!, upstream.model);
  });
  const model = takers[0]?.offer.model;
  if (model === undefined) throw new Refusal(gatewayError('native_body'));
  return { ...intent, among: takers.filter(d => d.offer.model === model).map(d => d.id) };
}

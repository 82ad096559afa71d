// Step 3: the engine orders the deployments that can serve the Intent. A route that does not exist
// and a request that no offer can carry end here, with the reasons.

import { bedrockNative } from '@entrepot/dialects/bedrock-native/dialect';
import type { Choice, RuledOut } from '@entrepot/engine/choice';
import { gatewayError, Refusal } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import { forTakers } from '../native-takers.ts';
import type { Understood } from './understand.ts';

/**
 * Throws a Refusal: 404 for an unknown route or without a counter, 400 when no offer can carry the
 * request.
 */
export function choose(gateway: Gateway, understood: Understood): Choice {
  const asked = understood.intent;
  const found = gateway.routes.get(asked.route);
  if (found === undefined) throw new Refusal(unknownRoute(gateway, asked.route));
  const { name } = found.route;
  const named = asked.route === name ? asked : { ...asked, route: name };
  const intent =
    named.dialect === bedrockNative.name ? forTakers(gateway, found, named, understood) : named;
  const choice = gateway.engine.choose(intent, gateway.clock.nowMs(), gateway.random);
  if (choice.candidates.length === 0) {
    const code = intent.operation === 'count' ? 'no_counter' : 'no_offer';
    throw new Refusal(gatewayError(code, reasons(choice.ruledOut)));
  }
  return choice;
}

function unknownRoute(gateway: Gateway, name: string): ReturnType<typeof gatewayError> {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
  const names = [...gateway.routes.keys()].slice(0, 20).join(', ');
  return gatewayError('model_not_found', `Asked for ${shown}; there are: ${names}.`, 'model');
}

/** Ruled-out offers with the same reason are named once. */
function reasons(ruledOut: readonly RuledOut[]): string {
  const distinct = new Set(
    ruledOut.map(r => `${r.deployment.offer.model} on ${r.deployment.offer.service}: ${r.reason}`),
  );
  return [...distinct].slice(0, 10).join('; ');
}

// Routes for people: the offers behind each, with the prices of the day.

import { formatUsdPerMtok } from '@entrepot/catalog/money';
import type { GatewayConfig } from '@entrepot/gateway/config/gateway-config';

/** Lines such as `  azure-gpt   openai/gpt-5.4-mini on azure-openai   $0.75 in, $4.5 out`. */
export function describeRoutes(config: Pick<GatewayConfig, 'routes' | 'targets'>): string {
  const simulated = new Set(config.targets.filter(t => t.simulated).map(t => t.deployment.id));
  const lines: string[] = [];
  for (const { route, aliases } of config.routes) {
    const also = aliases.length === 0 ? '' : `, also ${aliases.join(', ')}`;
    lines.push(`  ${route.name} (${route.policy.objective}${also})`);
    for (const { id, offer } of route.deployments) {
      const label = simulated.has(id) ? '   simulated' : '';
      const { inputPicoUsd, outputPicoUsd } = offer.prices;
      const price = `${usd(inputPicoUsd)} in, ${usd(outputPicoUsd)} out per 1M tokens`;
      lines.push(`    ${id.padEnd(18)} ${offer.id.padEnd(52)} ${price}${label}`);
    }
  }
  return lines.join('\n');
}

function usd(picoUsd: number | null): string {
  return picoUsd === null ? 'unknown' : `$${formatUsdPerMtok(picoUsd)}`;
}

// The files that take a planned deployment to the other verbs: a scenario in which it is sold, for
// what-if, and the deployment of a configuration, for serve.

import type { Offer } from '@entrepot/catalog/offer';
import { predictionOf, tokenPrices } from '@entrepot/planner/serve/as-offer';
import type { FittedServing } from '@entrepot/planner/serve/read-parameters';
import { stringify } from 'yaml';
import { UsageError } from '../../command.ts';
import type { HostedPlan } from './serving-report.ts';

export interface OwnOfferFile {
  readonly path: string;
  readonly text: string;
}

/** `path` is the scenario's; the deployment stands beside it. Throws UsageError. */
export function ownOfferFiles(
  path: string,
  hosted: HostedPlan | undefined,
  offers: readonly Offer[],
  fitted: FittedServing,
  today: string,
): OwnOfferFile[] {
  if (hosted === undefined) {
    throw new UsageError(
      '--as-offer needs a plan whose price is known; --price TYPE=USD gives one',
    );
  }
  const like = offers[0];
  if (like === undefined) {
    throw new UsageError('--as-offer needs a model that some offer of the catalog sells');
  }
  const { plan, host, hosts, usdPerHour } = hosted;
  const prices = tokenPrices(plan, usdPerHour!, fitted.parameters);
  const id = `openai-compatible/global/${like.model}`;
  const { attentionDp } = plan.instance.layout;
  const concurrentRequests = Math.max(
    1,
    Math.floor(plan.sustained.concurrency * attentionDp * hosts * host.instancesPerHost),
  );
  const place = `${hosts} x ${host.name} of ${host.cloud}`;
  const source = `entrepot plan serve: ${place}, ${usdPerHour!.toFixed(2)} USD an hour`;
  const usdPerMtok = { input: prices.inputUsdPerMtok, output: prices.outputUsdPerMtok };
  const scenario = {
    id: 'own-hosting',
    title: `${like.model} hosted on ${place}`,
    source,
    seenOn: today,
    offers: {
      services: [{ id: 'openai-compatible', cloud: 'self', name: 'Servers of our own' }],
      add: [
        {
          id,
          like: like.id,
          dialects: ['openai-chat'],
          usdPerMtok,
          predicted: predictionOf(plan, fitted),
        },
      ],
    },
    // More at once would be slower than was promised: they go elsewhere.
    world: { limits: [{ match: { id }, concurrentRequests }] },
  };
  const deployment = [
    {
      name: 'own-hosting',
      offer: { service: 'openai-compatible', model: like.model, prices },
      endpoint: 'http://127.0.0.1:8000/v1',
      credential: 'none',
      expectedTtftMs: Math.max(1, Math.round(plan.load.ttftSeconds.p50 * 1000)),
    },
  ];
  const beside = path.replace(/\.ya?ml$/, '');
  return [
    { path, text: `${loadSaid(plan)}\n${stringify(scenario)}` },
    {
      path: `${beside}.deployment.yaml`,
      text: `# One of the deployments of entrepot.yaml: put its address in.\n${stringify(deployment)}`,
    },
  ];
}

/** What the plan was made for, for whoever reads the file. */
function loadSaid({ load, means, sustained }: HostedPlan['plan']): string {
  const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
  const { ttftSeconds, tpotSeconds, instances } = load;
  const most = sustained.requestsPerSecond * instances;
  return [
    `# Planned for ${means.requestsPerSecond.toFixed(1)} requests/s of ${means.inputTokens.toFixed(0)} tokens in, ${means.outputTokens.toFixed(0)} out.`,
    `# First token: ${ms(ttftSeconds.p50)}, 95 of 100 within ${ms(ttftSeconds.p95)}.`,
    `# Each further one: ${ms(tpotSeconds.p50)}, 95 of 100 within ${ms(tpotSeconds.p95)}.`,
    `# As many as keep the promise steadily: ${most.toFixed(1)} requests/s, ${(most * means.outputTokens).toFixed(0)} tokens/s out.`,
  ].join('\n');
}

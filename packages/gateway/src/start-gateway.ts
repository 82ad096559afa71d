// Puts a gateway together and lets it listen; and takes it down again without losing what is open.

import { createEngine } from '@entrepot/engine/create-engine';
import type { Random } from '@entrepot/engine/engine';
import pino, { type Logger } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import { cloudOf } from './clouds/registry.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { Gateway } from './gateway.ts';
import { Keys } from './keys.ts';
import type { LedgerStats } from './ledger/ledger-stats.ts';
import { type OpenLedger, openLedger } from './ledger/open-ledger.ts';
import { type Exposed, Metrics } from './metrics/metrics.ts';
import { Origins } from './origins.ts';
import { RequestIds } from './request-ids.ts';
import { closeResponses, openResponses } from './responses/responses.ts';
import { createGatewayServer, type Readiness } from './server.ts';
import { Sweep } from './sweep.ts';
import { Upstream } from './upstream.ts';

export interface StartOptions {
  readonly log?: Logger;
  /** Other processes listen at the same port. Where a system cannot, `listen` rejects. */
  readonly reusePort?: boolean;
  /** What decides. Default: an engine over the configuration's routes. */
  readonly engine?: Gateway['engine'];
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** What /metrics tells. Default: what this gateway has counted. */
  readonly exposed?: (own: Metrics) => Promise<Exposed>;
}

export interface RunningGateway {
  readonly url: string;
  readonly gateway: Gateway;
  ledgerStats(): LedgerStats;
  /** Stops accepting, lets open requests finish, then closes the ledger. */
  close(): Promise<void>;
}

/** Connections per upstream origin; a stream holds one for as long as it flows. */
const connectionsPerOrigin = 8192;

/** Throws when the ledger cannot be opened or the port is taken (`EADDRINUSE`). */
export async function startGateway(
  config: GatewayConfig,
  options: StartOptions = {},
): Promise<RunningGateway> {
  const log = options.log ?? pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
  const { clock = systemClock, random = Math.random } = options;
  const sweep = new Sweep(clock);
  const { connectMs: connectTimeoutMs } = config.deadlines;
  const origins = new Origins({ connectTimeoutMs, perOrigin: connectionsPerOrigin }, clock);
  const upstreams = new Map<string, Upstream>();
  for (const target of config.targets) {
    upstreams.set(target.deployment.id, new Upstream(target, cloudOf(target.cloud), origins));
  }
  const ledger = await openLedger({
    ...config.ledger,
    onFault: fault => {
      if (fault === null) log.warn('the ledger writes again');
      else log.error({ err: fault }, 'the ledger cannot write');
    },
  });
  const responses = openResponses(config.responses, ledger);
  const metrics = new Metrics();
  exposeLedger(metrics, ledger);
  const state = { draining: false };
  const gateway: Gateway = {
    engine:
      options.engine ?? createEngine({ routes: config.routes.map(r => r.route), ...config.engine }),
    ledger,
    keys: new Keys(config.keys),
    routes: new Map(config.routes.flatMap(r => [r.route.name, ...r.aliases].map(n => [n, r]))),
    upstream: id => {
      const upstream = upstreams.get(id);
      if (upstream === undefined) throw new Error(`no deployment ${id}`);
      return upstream;
    },
    responses,
    limits: { bodyBytes: config.limits.bodyBytes },
    clock,
    random,
    sweep,
    requestIds: new RequestIds(),
    metrics,
    log,
    get draining() {
      return state.draining;
    },
  };
  const readiness = (): Readiness => {
    if (state.draining) return { ready: false, because: 'draining' };
    const { fault } = ledger.stats();
    if (fault !== null && ledger.mode === 'durable') {
      return { ready: false, because: `the ledger cannot write: ${fault}` };
    }
    return { ready: true, because: 'ready' };
  };
  const exposed = async (): Promise<Exposed> => options.exposed?.(metrics) ?? metrics;
  const front = createGatewayServer(gateway, config.limits, { readiness, exposed });
  const { host } = config.listen;
  const { reusePort = false } = options;
  let port: number;
  try {
    port = await front.listen({ ...config.listen, reusePort });
  } catch (cause) {
    await closeResponses(responses);
    await ledger.close();
    throw cause;
  }
  const close = async (): Promise<void> => {
    state.draining = true;
    await front.close(config.limits.drainMs);
    sweep.close();
    origins.close();
    await closeResponses(responses);
    await ledger.close();
  };
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url, gateway, ledgerStats: () => ledger.stats(), close };
}

function exposeLedger(metrics: Metrics, ledger: OpenLedger): void {
  const gauge = (name: string, help: string, grows: boolean, read: () => number): void =>
    metrics.gauge({ name: `entrepot_ledger_${name}`, help, grows, read });
  gauge('backlog_rows', 'Rows that wait to be written.', false, () => ledger.stats().backlogRows);
  gauge('lost', 'Entries that will not be written. Alert above 0.', true, () => {
    return ledger.stats().lost;
  });
  gauge('duplicates', 'Second settlements, ignored.', true, () => ledger.stats().duplicates);
  gauge('faulty', 'Processes whose ledger cannot write now.', false, () =>
    ledger.stats().fault === null ? 0 : 1,
  );
}

// One simulated cloud behind its port. A call's way: path, body, credential, dialect, fault, model,
// rules, quota, answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CanonicalRequest } from '@entrepot/dialects/canonical';
import type { Face, Route, WireCall } from './clouds/face.ts';
import type { SimulatedCredentials } from './credentials.ts';
import { decodeCall } from './decode-call.ts';
import { deliverStream, deliverWhole, interrupt } from './deliver.ts';
import type { Asked, Errand, PlannedErrand } from './errand.ts';
import type { Fault } from './fault.ts';
import { FaultBoard } from './fault-board.ts';
import { breakBy, refusalBy, slownessBy } from './fault-effect.ts';
import { type HostOptions, ModelHost, type PlannedCall } from './model-host.ts';
import { type Random, randomFrom } from './random.ts';
import { readBody } from './read-body.ts';
import type { Refusal } from './refusal.ts';
import type { CloudStats } from './stats.ts';
import type { StreamPlayer } from './stream-player.ts';
import { Tally } from './tally.ts';

export interface ServiceOptions extends HostOptions {
  readonly credentials: SimulatedCredentials;
  /** Unix time in ms. */
  now(): number;
}

/** One call, and what is fixed when it arrives. */
interface Exchange {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly random: Random;
  readonly faultRandom: Random;
}

/** A call that gets an answer, perhaps a faulty one. */
interface Accepted {
  readonly call: PlannedCall | PlannedErrand;
  readonly fault: Fault | null;
}

interface Flowing {
  readonly model: string;
  readonly faultRandom: Random;
  readonly player: StreamPlayer;
}

export class CloudService {
  readonly #face: Face;
  readonly #options: ServiceOptions;
  readonly #host: ModelHost;
  readonly #faults = new FaultBoard();
  readonly #tally = new Tally();
  readonly #flowing = new Set<Flowing>();

  constructor(face: Face, options: ServiceOptions) {
    this.#face = face;
    this.#options = options;
    this.#host = new ModelHost(face, options);
  }

  /** Takes the place of all faults before. A cut strikes the streams that flow as well. */
  setFaults(faults: readonly Fault[]): void {
    this.#faults.set(faults);
    for (const { model, faultRandom, player } of this.#flowing) {
      const cut = this.#faults.strikeFlowing(model, faultRandom);
      if (cut !== null) player.cut(breakBy(cut)!.afterEvents);
    }
  }

  stats(): CloudStats {
    return this.#tally.stats(this.#faults.hits);
  }

  /** Answers one call. Never throws and never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const n = this.#tally.arrived(response);
    const name = `${this.#options.seed}/${this.#face.name}/${n}`;
    const random = randomFrom(name);
    const requestId = this.#face.requestId(random);
    const faultRandom = randomFrom(`${name}/fault`);
    this.#answer(request, { response, requestId, random, faultRandom }).catch(error => {
      // A fault of the simulation itself must be seen, and must not look like an answer.
      process.stderr.write(`simulated ${this.#face.name}: ${(error as Error).stack}\n`);
      response.destroy();
    });
  }

  async #answer(request: IncomingMessage, exchange: Exchange): Promise<void> {
    const body = await readBody(request, this.#face.largestBodyBytes);
    if (body === null) {
      if (!request.destroyed) this.#refuse(exchange, { reason: 'too-large' }, null);
      return;
    }
    const { method, url, rawHeaders } = request;
    const call = { method: method!, target: url!, headers: headerPairs(rawHeaders), body };
    const errand = this.#face.errand?.(call.method, call.target) ?? null;
    const route = errand === null ? this.#face.route(call.method, call.target) : null;
    const accepted =
      errand === null
        ? this.#consider(call, route, exchange)
        : this.#considerErrand(call, errand, exchange);
    if ('reason' in accepted) this.#refuse(exchange, accepted, route);
    else this.#deliver(accepted, exchange);
  }

  #consider(call: WireCall, route: Route | null, exchange: Exchange): Accepted | Refusal {
    if (route === null) {
      return { reason: 'no-such-path', method: call.method, path: call.target };
    }
    const nowMs = this.#options.now();
    const denied = this.#face.authenticate(call, this.#options.credentials, nowMs);
    if (denied !== null) return denied;
    const { speech } = route;
    const request = decodeCall<CanonicalRequest>(speech.dialect, route, call.body);
    if ('reason' in request) return request;
    const fault = this.#faults.strike(request.model, exchange.faultRandom);
    const failed = fault && refusalBy(fault, request, this.#options.speed);
    if (failed !== null) return failed;
    const model = this.#host.find(request.model);
    if (model === null || model.vectors !== undefined) {
      return { reason: 'no-such-model', model: request.model };
    }
    const wrong = speech.check(request, call, model);
    if (wrong !== null) return wrong;
    const { requestId, random } = exchange;
    const moment = { speech, requestId, random, nowMs, slowness: slownessBy(fault) };
    const planned = this.#host.plan(request, model, moment);
    return 'reason' in planned ? planned : { call: planned, fault };
  }

  #considerErrand(call: WireCall, errand: Errand, exchange: Exchange): Accepted | Refusal {
    const nowMs = this.#options.now();
    const denied = this.#face.authenticate(call, this.#options.credentials, nowMs);
    if (denied !== null) return denied;
    const request = decodeCall<Asked>(errand.dialect, errand, call.body);
    if ('reason' in request) return request;
    const fault = this.#faults.strike(request.model, exchange.faultRandom);
    const asked = { model: request.model, stream: false };
    const failed = fault && refusalBy(fault, asked, this.#options.speed);
    if (failed !== null) return failed;
    const model = this.#host.find(request.model);
    if (model === null || ('inputs' in request && model.vectors === undefined)) {
      return { reason: 'no-such-model', model: request.model };
    }
    const wrong = errand.check?.(request, call, model) ?? null;
    if (wrong !== null) return wrong;
    const { requestId, random } = exchange;
    const moment = { requestId, random, nowMs, slowness: slownessBy(fault) };
    const planned = this.#host.planErrand(errand, request, model, moment);
    return 'reason' in planned ? planned : { call: planned, fault };
  }

  #deliver({ call, fault }: Accepted, exchange: Exchange): void {
    const { response, faultRandom } = exchange;
    if (interrupt(this.#face, call, fault, response)) return;
    this.#tally.began(call.facts.usage);
    const streamed = 'speech' in call && call.request.stream ? call : null;
    const begin = (): void => {
      if (streamed === null) {
        deliverWhole(this.#face, call, fault, response);
        return;
      }
      const { model } = streamed.request;
      const player = deliverStream(this.#face, streamed, fault, response);
      const flowing = { model, faultRandom, player };
      this.#flowing.add(flowing);
      response.once('close', () => this.#flowing.delete(flowing));
    };
    const waitMs = streamed === null ? call.totalMs : streamed.pace.firstTokenMs;
    if (waitMs === 0) begin();
    else {
      const timer = setTimeout(begin, waitMs);
      response.once('close', () => clearTimeout(timer));
    }
  }

  #refuse({ response, requestId }: Exchange, refusal: Refusal, route: Route | null): void {
    const nowMs = this.#options.now();
    const wire =
      route?.speech.refuse?.(refusal, requestId, nowMs) ??
      this.#face.refuse(refusal, requestId, nowMs);
    const length = { 'content-length': String(Buffer.byteLength(wire.body)) };
    response.writeHead(wire.status, { ...wire.headers, ...length }).end(wire.body);
  }
}

/** HTTP/2 says the host as a pseudo-header: it is here under both names. */
function headerPairs(raw: readonly string[]): [name: string, value: string][] {
  const pairs: [name: string, value: string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    pairs.push([name, raw[i + 1]!]);
    if (name === ':authority') pairs.push(['host', raw[i + 1]!]);
  }
  return pairs;
}

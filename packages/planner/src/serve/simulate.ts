// Requests of a trace through so many instances, event by event: where they wait, when their first
// token comes, how fast the others do. Between two events all steps of an instance are alike, so
// that they are taken at once.

import type { Arrivals } from './arrivals.ts';
import { arrivalMeans } from './arrivals.ts';
import { type FirstTokenLine, firstTokenLine } from './first-token.ts';
import { readsPromptsApart, type ServingInstance } from './instance.ts';
import { mostSequences } from './memory.ts';
import { requestSeconds } from './overheads.ts';
import type { ServingParameters } from './parameters.ts';
import { microBatch } from './pipeline.ts';
import { promptExtraSeconds } from './prompt-extra.ts';
import { tokenSeconds } from './speculation.ts';

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface SimulatedLoad {
  readonly instances: number;
  readonly requests: number;
  readonly ttftSeconds: Percentiles;
  /** Per request, from its first token to its last. */
  readonly tpotSeconds: Percentiles;
  readonly totalSeconds: Percentiles;
  readonly meanTotalSeconds: number;
  /** First tokens by the length of their prompts. */
  readonly firstToken: FirstTokenLine;
  /** Share of the time in which an instance works. */
  readonly busy: number;
  /** The most requests of an instance that waited for room. */
  readonly longestQueue: number;
}

/** Steps in which the context is taken as what it is in their middle. */
const mostAlike = 256;

interface Running {
  readonly request: number;
  left: number;
  tokens: number;
}

class Server {
  now = 0;
  busy = 0;
  longestQueue = 0;
  heldTokens = 0;
  contextTokens = 0;
  readonly waiting: number[] = [];
  head = 0;
  /** The request whose prompt is read, and its tokens that are not read yet. */
  prompts: { request: number; left: number }[] = [];
  running: Running[] = [];
  /** Steps that will all be alike if nothing arrives, and the time of one; null: not known yet. */
  ahead: { steps: number; seconds: number } | null = null;

  get load(): number {
    return this.waiting.length - this.head + this.prompts.length + this.running.length;
  }
}

/** How requests go through one server; `firstAt` and `lastAt` are filled in, in seconds. */
class Simulation {
  readonly firstAt: Float64Array;
  readonly lastAt: Float64Array;
  readonly #arrivals: Arrivals;
  readonly #instance: ServingInstance;
  readonly #parameters: ServingParameters;
  readonly #roomTokens: number;
  readonly #outside: number;
  /** By the tokens of a prompt. */
  readonly #extra = new Map<number, number>();

  constructor(arrivals: Arrivals, instance: ServingInstance, parameters: ServingParameters) {
    this.#arrivals = arrivals;
    this.#instance = instance;
    this.#parameters = parameters;
    this.firstAt = new Float64Array(arrivals.count);
    this.lastAt = new Float64Array(arrivals.count);
    const { inputTokens, outputTokens } = arrivalMeans(arrivals);
    const most = mostSequences(instance, inputTokens, outputTokens, parameters.shared, 1);
    this.#roomTokens = most * (inputTokens + outputTokens) * instance.layout.attentionDp;
    this.#outside = requestSeconds(instance, parameters);
  }

  /** Lets a request come in at `at`: the server stops at the end of the step it is in then. */
  arrive(server: Server, request: number, at: number): void {
    this.run(server, at);
    if (server.ahead !== null && server.now < at) {
      const { steps, seconds } = server.ahead;
      this.#advance(server, Math.min(steps, Math.ceil((at - server.now) / seconds)), seconds);
    }
    server.ahead = null;
    server.now = Math.max(server.now, at);
    server.waiting.push(request);
  }

  /** Does all steps alike that end by `until`; those that reach beyond it are left as they are. */
  run(server: Server, until: number): void {
    while (server.now < until) {
      if (server.ahead === null) {
        this.#admit(server);
        if (server.running.length === 0 && server.prompts.length === 0) return;
        const steps = this.#stepsAlike(server);
        server.ahead = { steps, seconds: this.#stepSeconds(server, steps) };
      }
      const { steps, seconds } = server.ahead;
      if (server.now + steps * seconds > until) return;
      this.#advance(server, steps, seconds);
    }
  }

  #need(request: number): number {
    const { inputTokens, outputTokens } = this.#arrivals;
    return inputTokens[request]! + outputTokens[request]!;
  }

  #admit(server: Server): void {
    while (server.head < server.waiting.length) {
      const request = server.waiting[server.head]!;
      const need = this.#need(request);
      const alone = server.running.length === 0 && server.prompts.length === 0;
      if (!alone && server.heldTokens + need > this.#roomTokens) break;
      server.head++;
      server.heldTokens += need;
      server.prompts.push({ request, left: this.#arrivals.inputTokens[request]! });
    }
    server.longestQueue = Math.max(server.longestQueue, server.waiting.length - server.head);
  }

  /** Steps until a sequence ends; while a prompt is read each step is another. */
  #stepsAlike(server: Server): number {
    if (server.prompts.length > 0) return 1;
    let least = mostAlike;
    for (const { left } of server.running) least = Math.min(least, left);
    return least;
  }

  #stepSeconds(server: Server, steps: number): number {
    const { attentionDp, pp } = this.#instance.layout;
    const count = server.running.length;
    const prompt = Math.min(this.#chunkTokens(server), promptTokens(server));
    const first = server.prompts[0];
    const promptContext = first === undefined ? 0 : this.#arrivals.inputTokens[first.request]! / 2;
    const work = {
      sequences: this.#stalls(server) ? 0 : microBatch(count / attentionDp, pp),
      context: count === 0 ? 0 : server.contextTokens / count + steps / 2,
      promptTokens: prompt / attentionDp / pp,
      promptContext,
    };
    return tokenSeconds(this.#instance, work, this.#parameters);
  }

  #advance(server: Server, steps: number, seconds: number): void {
    server.ahead = null;
    server.now += steps * seconds;
    server.busy += steps * seconds;
    if (!this.#stalls(server)) this.#decode(server, steps);
    this.#readPrompts(server);
  }

  /** Whether nothing decodes in the next step: it is one of prompts alone. */
  #stalls(server: Server): boolean {
    return readsPromptsApart(this.#instance) && server.prompts.length > 0;
  }

  #decode(server: Server, steps: number): void {
    server.contextTokens += steps * server.running.length;
    let ended = false;
    for (const sequence of server.running) {
      sequence.left -= steps;
      sequence.tokens += steps;
      if (sequence.left <= 0) ended = true;
    }
    if (!ended) return;
    for (const sequence of server.running) if (sequence.left <= 0) this.#end(server, sequence);
    server.running = server.running.filter(sequence => sequence.left > 0);
  }

  /** Each attention replica and each micro-batch reads a prompt of its own. */
  #chunkTokens({ prompts }: Server): number {
    const { launch, layout } = this.#instance;
    const { attentionDp, pp } = layout;
    return launch.chunkTokens * Math.max(1, Math.min(attentionDp * pp, prompts.length));
  }

  #readPrompts(server: Server): void {
    let room = this.#chunkTokens(server);
    while (room > 0 && server.prompts.length > 0) {
      const prompt = server.prompts[0]!;
      const read = Math.min(room, prompt.left);
      prompt.left -= read;
      room -= read;
      if (prompt.left > 0) break;
      server.prompts.shift();
      const { request } = prompt;
      this.firstAt[request] = server.now;
      const tokens = this.#arrivals.inputTokens[request]! + 1;
      const sequence = { request, left: this.#arrivals.outputTokens[request]! - 1, tokens };
      server.contextTokens += tokens;
      if (sequence.left <= 0) this.#end(server, sequence);
      else server.running.push(sequence);
    }
  }

  #end(server: Server, sequence: Running): void {
    this.lastAt[sequence.request] = server.now;
    server.heldTokens -= this.#need(sequence.request);
    server.contextTokens -= sequence.tokens;
  }

  /** Seconds that a request spends outside of the instance's steps, as they are counted. */
  outside(request: number): number {
    const tokens = this.#arrivals.inputTokens[request]!;
    let extra = this.#extra.get(tokens);
    if (extra === undefined) {
      const chunk = Math.min(tokens, this.#instance.launch.chunkTokens);
      extra = promptExtraSeconds(this.#instance, chunk, this.#parameters);
      this.#extra.set(tokens, extra);
    }
    return this.#outside + extra;
  }
}

function promptTokens(server: Server): number {
  let tokens = 0;
  for (const prompt of server.prompts) tokens += prompt.left;
  return tokens;
}

/** Runs arrivals over instances, each request to the one that has the fewest. */
export function simulateLoad(
  arrivals: Arrivals,
  instance: ServingInstance,
  instances: number,
  parameters: ServingParameters,
): SimulatedLoad {
  const simulation = new Simulation(arrivals, instance, parameters);
  const servers = Array.from({ length: instances }, () => new Server());
  const start = arrivals.count === 0 ? 0 : arrivals.atMs[0]! / 1000;
  for (const server of servers) server.now = start;
  for (let i = 0; i < arrivals.count; i++) {
    const at = arrivals.atMs[i]! / 1000;
    for (const server of servers) simulation.run(server, at);
    const least = servers.reduce((a, b) => (b.load < a.load ? b : a));
    simulation.arrive(least, i, at);
  }
  for (const server of servers) simulation.run(server, Number.POSITIVE_INFINITY);
  return summarize(arrivals, simulation, servers);
}

function summarize(
  arrivals: Arrivals,
  simulation: Simulation,
  servers: readonly Server[],
): SimulatedLoad {
  const { count, atMs, outputTokens } = arrivals;
  const { firstAt, lastAt } = simulation;
  const ttft = new Float64Array(count);
  const total = new Float64Array(count);
  const tpot: number[] = [];
  let end = 0;
  for (let i = 0; i < count; i++) {
    const at = atMs[i]! / 1000;
    const outside = simulation.outside(i);
    ttft[i] = firstAt[i]! - at + outside;
    total[i] = lastAt[i]! - at + outside;
    if (outputTokens[i]! > 1) tpot.push((lastAt[i]! - firstAt[i]!) / (outputTokens[i]! - 1));
    end = Math.max(end, lastAt[i]!);
  }
  const span = Math.max(1e-9, end - (atMs[0] ?? 0) / 1000);
  const busy = servers.reduce((sum, server) => sum + server.busy, 0) / servers.length / span;
  return {
    instances: servers.length,
    requests: count,
    meanTotalSeconds: total.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, count),
    firstToken: firstTokenLine(arrivals.inputTokens, ttft),
    ttftSeconds: percentiles(ttft),
    tpotSeconds: percentiles(Float64Array.from(tpot)),
    totalSeconds: percentiles(total),
    busy,
    longestQueue: servers.reduce((most, server) => Math.max(most, server.longestQueue), 0),
  };
}

function percentiles(values: Float64Array): Percentiles {
  const sorted = values.sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

// Asks recorded requests again: of the route that they were for and of each candidate, and has each
// pair of answers judged, in an order drawn at random so that no place is favoured.

import type { Offer } from '@entrepot/catalog/offer';
import type { Dialect } from '@entrepot/dialects/dialect';
import { openaiChat } from '@entrepot/dialects/openai-chat/dialect';
import type { Route } from '@entrepot/engine/deployment';
import { seededRandom } from '@entrepot/traffic/seeded-random';
import { UsageError } from '../command.ts';
import { type Budget, mostOf, spentOn } from './budget.ts';
import { type Answered, askGateway, type GatewayClient } from './gateway-client.ts';
import { judgeBody, verdictOf } from './judge.ts';
import type { RecordedRequest } from './recorded-requests.ts';
import { SampleTally } from './sample-tally.ts';
import { type Asked, conversationOf, wayOf } from './spoken.ts';

export interface SampleOptions {
  readonly client: GatewayClient;
  readonly routes: ReadonlyMap<string, Route>;
  readonly candidates: readonly string[];
  readonly judge: string;
  readonly prompt: string;
  readonly budget: Budget;
  /** Of an answer, and of the judge's. */
  readonly maxOutputTokens: number;
  /** Draws which answer of a pair stands first, whatever order answers come in. */
  readonly seed: number;
  /** Asked before each request. */
  readonly isStopped: () => boolean;
  readonly onProgress: (asked: number) => void;
}

/** A few at a time: an interval needs pairs, not haste. */
const together = 4;

/** Throws UsageError when a price is unknown, so that no budget could be kept. */
export async function takeSample(
  requests: readonly RecordedRequest[],
  options: SampleOptions,
): Promise<SampleTally> {
  const sample = new Sample(options);
  const waiting = requests[Symbol.iterator]();
  let asked = 0;
  const worker = async (): Promise<void> => {
    for (const request of waiting) {
      if (options.isStopped() || sample.isSpent) return;
      await sample.ask(request);
      asked += 1;
      options.onProgress(asked);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return sample.tally;
}

class Sample {
  readonly tally = new SampleTally();
  readonly #options: SampleOptions;
  readonly #offers: ReadonlyMap<string, Offer>;
  isSpent = false;

  constructor(options: SampleOptions) {
    this.#options = options;
    const deployments = [...options.routes.values()].flatMap(route => route.deployments);
    this.#offers = new Map(deployments.map(({ offer }) => [offer.id, offer]));
  }

  async ask(request: RecordedRequest): Promise<void> {
    const { candidates, seed } = this.#options;
    const random = seededRandom(seed + request.line);
    const swaps = candidates.map(() => random() < 0.5);
    const routes = [request.route, ...candidates.filter(name => name !== request.route)];
    const answers = await Promise.all(routes.map(route => this.#answer(request, route)));
    const before = answers[0];
    if (before === undefined || before === null) return;
    for (const [i, after] of answers.slice(1).entries()) {
      if (after !== null) await this.#judge(request, before, after, swaps[i]!);
    }
  }

  async #answer(request: RecordedRequest, route: string): Promise<Answered | null> {
    const most = Math.min(this.#options.maxOutputTokens, request.maxOutputTokens ?? Infinity);
    const { dialect, body } = request;
    const asked = wayOf(dialect.name)!(route, body, most);
    const answer = await this.#call(route, dialect, asked, most);
    if (typeof answer === 'string') this.tally.failed(route, answer);
    return typeof answer === 'string' ? null : answer;
  }

  async #judge(
    request: RecordedRequest,
    before: Answered,
    after: Answered,
    isSwapped: boolean,
  ): Promise<void> {
    const [was, is] = [this.#modelOf(before), this.#modelOf(after)];
    // The same model is as good by definition, and needs no judge.
    if (was === is) return this.tally.same();
    const { judge, prompt, maxOutputTokens } = this.#options;
    const shown = {
      request: JSON.stringify(conversationOf(request.body), null, 1),
      a: isSwapped ? after.text : before.text,
      b: isSwapped ? before.text : after.text,
    };
    const body = judgeBody(prompt, judge, shown, maxOutputTokens);
    const asked = { path: '/v1/chat/completions', body };
    const answer = await this.#call(judge, openaiChat, asked, maxOutputTokens);
    if (answer === null) return;
    if (typeof answer === 'string') return this.tally.failed(judge, answer);
    const verdict = verdictOf(answer.text);
    if (verdict === null) return this.tally.failed(judge, 'the answer is no verdict');
    const isFor = verdict === 'tie' ? null : (verdict === 'a') === isSwapped;
    this.tally.judged({ route: request.route, was, is, isFor, isFirst: verdict === 'a' });
  }

  /** null when there is no money left for it; the failure in words where there is no answer. */
  async #call(
    name: string,
    dialect: Dialect,
    asked: Asked,
    maxOutputTokens: number,
  ): Promise<Answered | string | null> {
    const { client, routes, budget } = this.#options;
    const route = routes.get(name);
    if (route === undefined) return `there is no route ${name}`;
    const held = mostOf(route, Buffer.byteLength(JSON.stringify(asked.body)), maxOutputTokens);
    if (held === null) {
      throw new UsageError(`route ${name} has an offer of unknown price: no budget can be kept`);
    }
    if (this.isSpent || !budget.hold(held)) {
      this.isSpent = true;
      return null;
    }
    const answer = await askGateway(client, dialect, asked);
    const offer = typeof answer === 'string' ? undefined : this.#offers.get(answer.offer);
    // A call that failed may have cost something all the same.
    const usage = typeof answer === 'string' ? null : answer.usage;
    budget.settle(held, offer === undefined ? held : spentOn(offer, usage, held));
    return answer;
  }

  #modelOf({ offer }: Answered): string {
    return this.#offers.get(offer)?.model ?? offer;
  }
}

// One recorded answer played by a server on loopback, behind a real gateway, to a caller of each
// dialect: what the caller must get, and what the ledger must say of it.

import assert from 'node:assert/strict';
import { seeded } from '../../../dialects/test/shared/seeded.ts';
import type { LedgerRecord } from '../../src/ledger/ledger-record.ts';
import { Rig } from '../rig.ts';
import type { Exchange } from './exchange.ts';
import { errorWords, type Failed, failureOf, isBroken } from './failure.ts';
import type { Fields } from './fields.ts';
import { type Caller, fronts } from './fronts.ts';
import { unframed } from './gathered.ts';
import { type PlaceName, places } from './places.ts';
import { RecordedUpstream } from './recorded-upstream.ts';
import { type Told, toldBy } from './told.ts';

/** What the ledger must have of a request. */
interface Expected {
  readonly what: string;
  readonly outcome: RegExp;
  /** null where the upstream told none; undefined where nobody knows. */
  readonly usage: Told['usage'] | undefined;
}

/**
 * Two fixtures say something twice, which a tap leaves out, or an end that is not of its deltas.
 */
const notAsIs = /duplicate-message-start|shell-container\.1\.chunks/;

export class Replay {
  readonly #upstream: RecordedUpstream;
  readonly #rig: Rig;
  readonly #expected = new Map<string, Expected>();

  private constructor(upstream: RecordedUpstream, rig: Rig) {
    this.#upstream = upstream;
    this.#rig = rig;
  }

  static async start(name: PlaceName, seed: number): Promise<Replay> {
    const upstream = new RecordedUpstream(seeded(seed));
    await upstream.listen();
    const { service, offer } = places[name];
    const endpoint = service === 'openai-compatible' ? `${upstream.url}/v1` : upstream.url;
    const rig = await Rig.start({
      deployments: [{ id: 'recorded', service, endpoint, offer }],
      engine: { attempts: { max: 1 } },
    });
    return new Replay(upstream, rig);
  }

  async close(): Promise<void> {
    await this.#rig.close();
    await this.#upstream.close();
  }

  /** Throws AssertionError for what the caller gets and should not. */
  async play(exchange: Exchange, caller: Caller): Promise<void> {
    this.#upstream.playing = exchange;
    const { stream } = exchange;
    const front = fronts[caller];
    const response = await this.#rig.post(front.path(stream), front.body(stream));
    const bytes = Buffer.from(await response.arrayBuffer());
    const id = response.headers.get('x-request-id') ?? response.headers.get('request-id');
    const expect = (outcome: RegExp, usage: Expected['usage']): void => {
      const what = `${exchange.file} to ${caller}`;
      this.#expected.set(id!, { what, outcome, usage });
    };
    const failed = failureOf(exchange);
    if (failed !== null) {
      expect(/^failed$/, undefined);
      checkFailed(response, bytes, caller, failed);
    } else if (isBroken(exchange)) {
      expect(/^(failed|truncated)$/, undefined);
      checkBroken(exchange, response, bytes, caller);
    } else {
      assert.equal(response.status, 200, bytes.toString().slice(0, 1000));
      const theirs = checkWhole(exchange, bytes, caller);
      expect(/^ok$/, theirs.usage);
    }
  }

  /**
   * Throws AssertionError for a request that the ledger has otherwise than its upstream said it.
   */
  async checkLedger(): Promise<void> {
    const records = new Map((await this.#rig.records()).map(r => [r.requestId, r]));
    assert.equal(records.size, this.#expected.size);
    for (const [id, expected] of this.#expected) checkRecord(records.get(id), expected);
  }
}

/** Gives what the upstream said. */
function checkWhole(exchange: Exchange, bytes: Buffer, caller: Caller): Told {
  const { place, dialect, stream, file } = exchange;
  const isFramed = stream && place.includes('InvokeModel');
  const body = isFramed ? unframed(exchange.body) : exchange.body;
  const theirs = toldBy(dialect, body, stream);
  if (caller === dialect && !notAsIs.test(file)) {
    assert.ok(bytes.equals(body), 'it passes byte for byte');
    return theirs;
  }
  if (caller !== dialect) fronts[caller].check(bytes, stream);
  if (notAsIs.test(file)) return theirs;
  const ours = toldBy(caller, bytes, stream);
  const finish = theirs.finish === 'other' ? 'other' : ours.finish;
  // Some dialects must write a number also where the upstream told none.
  const usage = theirs.usage && ours.usage;
  // Half a call has no place where arguments are an object.
  const isSaid = ([, args]: Told['calls'][number]): boolean =>
    caller !== 'gemini' || typeof args !== 'string';
  const calls = theirs.calls.filter(isSaid);
  assert.deepEqual({ ...ours, finish, usage }, { ...theirs, calls });
  return theirs;
}

function checkFailed(response: Response, bytes: Buffer, caller: Caller, failed: Failed): void {
  const body = JSON.parse(bytes.toString()) as Fields;
  const { message, word } = fronts[caller].error(body, response.headers);
  assert.deepEqual([response.status, word], errorWords[caller][failed.kind]);
  if (failed.kind !== 'upstream') assert.equal(message, failed.message);
}

/**
 * An error instead of an answer, or at the end of what came: the grammars demand that it is last.
 */
function checkBroken(
  { dialect }: Exchange,
  response: Response,
  bytes: Buffer,
  caller: Caller,
): void {
  if (response.status !== 200) {
    checkFailed(response, bytes, caller, { kind: 'upstream', message: '' });
    return;
  }
  assert.match(bytes.toString(), /error|exception/i);
  // What passed before the end is the upstream's own, and need not be better than it was.
  if (caller !== dialect) fronts[caller].check(bytes, true);
}

function checkRecord(record: LedgerRecord | undefined, expected: Expected): void {
  const { what, outcome, usage } = expected;
  assert.ok(record !== undefined, what);
  assert.match(String(record.outcome), outcome, what);
  if (usage === undefined) return;
  const { inputTokens, cachedReadTokens, outputTokens } = record;
  const told =
    inputTokens === null
      ? null
      : { input: inputTokens, cachedRead: cachedReadTokens, output: outputTokens };
  assert.deepEqual(told, usage, what);
}

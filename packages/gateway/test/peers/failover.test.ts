// Rows G01 to G06 and G20 of the peers' bugs: a stream that breaks before its first word is mended
// elsewhere, one that breaks after it ends with the caller's own error, and both are in the ledger;
// whichever dialect the caller speaks, and whichever the upstream.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CanonicalError } from '@entrepot/dialects/canonical';
import type { SettingsOverrides } from '@entrepot/engine/defaults';
import { FakeUpstream, Rig, type Script } from '../rig.ts';
import { type CallerWire, callers, hear } from './caller-wire.ts';
import {
  answering,
  begin,
  deploymentOf,
  inStreamError,
  opening,
  refusing,
  type Spoken,
  untilFirstWord,
  upstreams,
  words,
} from './upstream-wire.ts';

const whole = words.join('');
/** Every upstream fails again and again here, and must be asked again. */
const engine: SettingsOverrides = {
  deadlines: { firstEventMs: 400, slowFirstEventMs: 400, stallMs: 400 },
  patience: { floorMs: 400, unmeasuredMs: 400 },
  circuit: { consecutiveFailures: 1e6, minAttempts: 1e6 },
  hold: { rateLimitMs: 0, rateLimitMaxMs: 0 },
};

const first = new FakeUpstream(answering('openai-chat'));
const second = new FakeUpstream(answering('openai-chat'));
before(async () => {
  await first.listen();
  await second.listen();
});
after(async () => {
  await first.close();
  await second.close();
});

/** A gateway whose first deployment is this upstream, and whose second always answers well. */
function startInFrontOf(upstream: Spoken): Promise<Rig> {
  const spare: Spoken = { name: 'spare', service: 'azure-openai', dialect: 'openai-chat' };
  const deployments = [
    deploymentOf(upstream, first.url),
    deploymentOf(spare, second.url, 'second'),
  ];
  return Rig.start({ deployments, engine });
}

const busy: CanonicalError = { class: 'overloaded', message: 'Too busy just now.' };

/** What no dialect knows: an event that is no JSON, and a frame whose checksum is wrong. */
const junk = Buffer.from(`\n\ndata: {"not: json\n\n${'\x00'.repeat(64)}`);

const stalling =
  ({ dialect }: Spoken, said: Buffer): Script =>
  (_received, response) =>
    void begin(dialect, response).write(said);

let goOn = (): void => undefined;

/** Two shapes of a broken stream; the malformed one waits to go on. */
function broken({ dialect }: Spoken, said: Buffer): readonly (readonly [string, Script])[] {
  return [
    ['cut', (_r, response) => begin(dialect, response).write(said, () => response.destroy())],
    [
      'malformed',
      (_r, response) => {
        begin(dialect, response).write(said);
        goOn = () => response.end(junk);
      },
    ],
  ];
}

/** The row that speaks of callers of this dialect. */
function rowOf({ dialect }: CallerWire): string {
  if (dialect === 'openai-responses') return 'G05';
  return dialect === 'anthropic-messages' ? 'G06' : 'G01';
}

for (const upstream of upstreams) {
  describe(`in front of ${upstream.name}`, () => {
    let rig: Rig;
    before(async () => {
      rig = await startInFrontOf(upstream);
    });
    after(() => rig.close());

    for (const caller of callers) {
      const row = rowOf(caller);
      test(`${row}: a stream that is cut or malformed before its first word is served \
by the fallback to a caller of ${caller.dialect}`, async () => {
        for (const [shape, script] of broken(upstream, opening(upstream.dialect))) {
          first.script = (received, response, request) => {
            script(received, response, request);
            if (shape === 'malformed') goOn();
          };
          const heard = await hear(rig, caller);
          assert.equal(heard.text, whole, shape);
          assert.equal(heard.last?.type, 'end', shape);
          assert.equal(heard.headers.get('entrepot-attempts'), '2', shape);
          const record = (await rig.records()).at(-1)!;
          assert.deepEqual([record.outcome, record.deployment], ['ok', 'second'], shape);
        }
      });

      test(`${row}: a stream that is cut or malformed after its first word ends with \
the error of ${caller.dialect}`, async () => {
        for (const [shape, script] of broken(upstream, untilFirstWord(upstream.dialect))) {
          first.script = script;
          const passed = caller.dialect === upstream.dialect;
          const heard = await hear(rig, caller, { passed, onFirst: () => goOn() });
          assert.equal(heard.text, words[0], shape);
          assert.equal(heard.last?.type, 'error', shape);
          const record = (await rig.records()).at(-1)!;
          assert.deepEqual([record.outcome, record.deployment], ['truncated', 'first'], shape);
          assert.equal(record.attempts.length, 1, shape);
        }
      });

      test(`G02: "overloaded" as the first event of a stream moves a caller of ${caller.dialect} \
to the fallback`, async () => {
        first.script = (_received, response) => {
          const { dialect } = upstream;
          begin(dialect, response).write(opening(dialect));
          response.end(inStreamError(dialect, busy));
        };
        const heard = await hear(rig, caller);
        assert.equal(heard.text, whole);
        const { attempts } = (await rig.records()).at(-1)!;
        assert.deepEqual(
          attempts.map(a => a.failure),
          ['overloaded', null],
        );
      });
    }

    test('G01, G05, G06: a stream that stalls before its first word is served by the fallback, one \
that stalls after it ends with an error, whoever calls', async () => {
      const passed = true;
      first.script = stalling(upstream, opening(upstream.dialect));
      for (const { text } of await Promise.all(callers.map(caller => hear(rig, caller)))) {
        assert.equal(text, whole);
      }
      first.script = stalling(upstream, untilFirstWord(upstream.dialect));
      const heard = await Promise.all(callers.map(caller => hear(rig, caller, { passed })));
      for (const { last, text } of heard) assert.deepEqual([text, last?.type], [words[0], 'error']);
      const records = (await rig.records()).slice(-2 * callers.length);
      const outcomes = records.map(record => record.outcome);
      assert.deepEqual(outcomes, [...callers.map(() => 'ok'), ...callers.map(() => 'truncated')]);
    });

    test('G03: 401 and 429 before the first byte go through the same policy as all failures', async () => {
      for (const kind of ['auth', 'rate_limit'] as const) {
        first.script = refusing(upstream.dialect, { class: kind, message: 'Not now.' });
        const heard = await hear(rig, callers[0]!);
        assert.equal(heard.text, whole);
        const record = (await rig.records()).at(-1)!;
        assert.equal(record.attempts[0]!.failure, kind.replace('_', '-'));
      }
    });

    test('G20: a half-failed stream is in the ledger with what failed, and its words are told', async () => {
      first.script = (_received, response) => {
        const { dialect } = upstream;
        begin(dialect, response).write(untilFirstWord(dialect));
        setImmediate(() => response.end(inStreamError(dialect, busy)));
      };
      const caller = callers[0]!;
      const heard = await hear(rig, caller);
      assert.ok(heard.last?.type === 'error');
      assert.equal(heard.last.error.message, busy.message);
      const record = (await rig.records()).at(-1);
      assert.equal(record!.outcome, 'truncated');
      assert.equal(record!.attempts[0]!.failure, 'overloaded');
      assert.ok(record!.error !== null && record!.ttftMs !== null && record!.totalMs !== null);
    });
  });
}

test('G04: who allows one attempt gets one, in every dialect and whenever it fails', async () => {
  for (const upstream of upstreams) {
    const rig = await Rig.start({
      deployments: [
        deploymentOf(upstream, first.url),
        deploymentOf(upstreams[0]!, second.url, 'second'),
      ],
      engine: { ...engine, attempts: { max: 1 } },
    });
    try {
      const calls = second.received.length;
      for (const caller of callers) {
        first.script = refusing(upstream.dialect, busy);
        const refused = await rig.post(caller.path(true), caller.body('Hi', true));
        assert.ok(refused.status >= 500, `${caller.dialect} ${refused.status}`);
        await refused.text();
        first.script = broken(upstream, untilFirstWord(upstream.dialect))[0]![1];
        assert.equal((await hear(rig, caller, { passed: true })).last?.type, 'error');
      }
      assert.equal(second.received.length, calls);
    } finally {
      await rig.close();
    }
  }
});

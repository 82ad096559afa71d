// `maxShare` is of what all workers spend: one that has spent nothing goes by what another has, and
// so does one that takes the place of a dead one.

import assert from 'node:assert/strict';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import type { FromWorker } from '../../src/workers/messages.ts';
import { ask, chat } from '../answers.ts';
import { FakeUpstream, key } from '../rig.ts';
import { FleetRig } from './fleet-rig.ts';

/** How many charges there must be before the cap counts. */
const capFrom = 20;

interface Answer {
  readonly worker: string;
  readonly offer: string;
}

/** A caller that stays with one worker: it has one connection. */
class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  ask(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}` };
      const options = { method: 'POST', agent: this.#agent, headers };
      const asked = request(`${this.#url}/v1/chat/completions`, options, response => {
        const { 'x-request-id': id, 'entrepot-offer': offer } = response.headers;
        const worker = String(id).slice(0, 20);
        response.resume().once('end', () => resolve({ worker, offer: String(offer) }));
      });
      asked.once('error', reject);
      asked.end(JSON.stringify(ask()));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One of the workers that do not spend yet, with its first answer. */
async function callerOfAnother(url: string, than: string): Promise<[Caller, Answer]> {
  for (;;) {
    const caller = new Caller(url);
    const answer = await caller.ask();
    if (answer.worker !== than) return [caller, answer];
    caller.close();
  }
}

/** The primary knows of so many charges: what it does not know yet is gone with a killed worker. */
function spentTold(charges: number): Promise<void> {
  let told = 0;
  return new Promise(resolve => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      worker!.on('message', (message: FromWorker) => {
        if (message.type !== 'spent') return;
        for (const spent of message.spent) told += spent.charges;
        if (told >= charges) resolve();
      });
    }
  });
}

test('a worker goes by what the others have spent, and so does a new one', async () => {
  const second = new FakeUpstream(chat);
  const first = new FakeUpstream(chat);
  await Promise.all([first.listen(), second.listen()]);
  const deployments = [
    { id: 'first', service: 'openai-api', endpoint: first.url },
    { id: 'second', service: 'azure-openai', endpoint: second.url },
  ] as const;
  // A cloud that was ever spent on is over its share as long as another is there.
  const rig = await FleetRig.start({ rig: { deployments, maxShare: 0.01 } });
  const callers = [new Caller(rig.url)];
  try {
    const told = spentTold(capFrom);
    const answers: Answer[] = [];
    for (let n = 0; n < capFrom; n++) answers.push(await callers[0]!.ask());
    assert.ok(answers.every(({ offer }) => offer.startsWith('openai-api/')));
    await told;
    const { worker } = answers[0]!;
    const [other, answer] = await callerOfAnother(rig.url, worker);
    callers.push(other);
    // What it hears and what it is asked come by different ways: it may hear a little later.
    let { offer } = answer;
    for (let n = 0; n < 15 && offer.startsWith('openai-api/'); n++)
      offer = (await other.ask()).offer;
    assert.match(offer, /^azure-openai\//);

    const gone = once(cluster, 'exit');
    const alive = new Set(rig.pids);
    for (const pid of alive) process.kill(pid, 'SIGKILL');
    await gone;
    while ((await rig.metric('entrepot_workers')) < 2);
    const fresh = new Caller(rig.url);
    callers.push(fresh);
    const last = await fresh.ask();
    assert.match(last.offer, /^azure-openai\//);
  } finally {
    for (const caller of callers) caller.close();
    await Promise.all([rig.close(), first.close(), second.close()]);
  }
});

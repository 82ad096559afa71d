// Rows G08 to G10, G13, G15, G16 and G19 of the peers' bugs: what a stream says, and in which
// order, is right in the caller's dialect however the upstream cuts its bytes and repeats itself.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import type { StreamEvent } from '@entrepot/dialects/canonical';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { checkStream } from '../../../dialects/test/anthropic-messages/message-grammar.ts';
import { FakeUpstream, key, Rig, type Script } from '../rig.ts';
import { gatewayTo } from '../sdk/clouds.ts';
import { callerOf, callers, hear } from './caller-wire.ts';
import {
  answering,
  begin,
  deploymentOf,
  inStreamError,
  plainEvents,
  type Spoken,
  stream,
  untilFirstWord,
  upstreams,
  words,
} from './upstream-wire.ts';

const upstream = new FakeUpstream(answering('openai-chat'));
before(() => upstream.listen());
after(() => upstream.close());

async function inFrontOf(spoken: Spoken, script: Script, run: (rig: Rig) => Promise<void>) {
  upstream.script = script;
  const rig = await Rig.start({ deployments: [deploymentOf(spoken, upstream.url)] });
  try {
    await run(rig);
  } finally {
    await rig.close();
  }
}

const upstreamOf = (dialect: string): Spoken => upstreams.find(u => u.dialect === dialect)!;

/** Each byte in a chunk of its own: HTTP's framing keeps them apart on the way. */
const byteByByte =
  (name: Spoken['dialect'], bytes: Uint8Array): Script =>
  (_received, response) => {
    begin(name, response);
    for (const byte of bytes) response.write(Uint8Array.of(byte));
    response.end();
  };

const said = (texts: readonly string[]): StreamEvent[] =>
  plainEvents.flatMap((event): StreamEvent[] => {
    if (event.type !== 'block_delta') return [event];
    if (event.text !== words[0]) return [];
    return texts.map(text => ({ ...event, text }));
  });

describe('G08', () => {
  test('G08: a stream of Messages starts once when the upstream of Chat Completions repeats its role in every chunk', () => {
    const chunk = (delta: object, finish: string | null = null): string =>
      `data: ${JSON.stringify({
        id: 'c1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finish }],
      })}\n\n`;
    const text = [chunk({ content: '' }), chunk({ content: 'Hi' }), chunk({ content: '' }, 'stop')];
    const bytes = `${text.join('')}data: [DONE]\n\n`;
    const spoken = upstreamOf('openai-chat');
    const script: Script = (_r, response) => begin('openai-chat', response).end(bytes);
    return inFrontOf(spoken, script, async rig => {
      const { bytes: heard, text } = await hear(rig, callerOf('anthropic-messages'));
      assert.equal(text, 'Hi');
      const starts = checkStream(heard).filter(event => event.type === 'message_start');
      assert.equal(starts.length, 1);
    });
  });

  for (const spoken of upstreams) {
    test(`G08: the stream of every dialect obeys its grammar, from ${spoken.name}`, () =>
      inFrontOf(spoken, answering(spoken.dialect), async rig => {
        for (const caller of callers) {
          assert.equal((await hear(rig, caller)).text, words.join(''), caller.dialect);
        }
      }));
  }
});

describe('G09', () => {
  for (const spoken of upstreams) {
    test(`G09: a stream of Converse that breaks ends with an exception whose checksums hold, in front of ${spoken.name}`, () => {
      const script: Script = (_received, response) => {
        begin(spoken.dialect, response).write(untilFirstWord(spoken.dialect));
        setImmediate(() => response.end(inStreamError(spoken.dialect, busy)));
      };
      return inFrontOf(spoken, script, async rig => {
        const { bytes } = await hear(rig, callerOf('bedrock-converse'));
        const last = frames(bytes).at(-1)!;
        assert.equal(last.headers[':message-type']!.value, 'exception');
        await assert.rejects(readConverse(rig.url), expected);
      });
    });
  }
});

const busy = { class: 'rate_limit', message: 'Slower, please.' } as const;

function expected(error: unknown): boolean {
  assert.ok(error instanceof ThrottlingException, String(error));
  assert.equal(error.message, busy.message);
  return true;
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Frames as AWS's own codec reads them: it throws where a checksum is wrong. */
function frames(bytes: Buffer) {
  const codec = new EventStreamCodec(utf8, text => Buffer.from(text));
  const found: ReturnType<typeof codec.decode>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    found.push(codec.decode(bytes.subarray(at, at + length)));
    at += length;
  }
  return found;
}

async function readConverse(endpoint: string): Promise<unknown[]> {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],

    maxAttempts: 1,
  });
  try {
    const messages = [{ role: 'user' as const, content: [{ text: 'Hi' }] }];
    const answer = await client.send(new ConverseStreamCommand({ modelId: 'any', messages }));
    return await Array.fromAsync(answer.stream!);
  } finally {
    client.destroy();
  }
}

test('G10: Responses says that an answer from Bedrock was cut at its limit, and why', async t => {
  const rig = await gatewayTo(t, { service: 'bedrock' });
  const input = 'At length. [[simulate output=400]]';
  const body = { model: 'any', input, max_output_tokens: 16, store: false };
  const whole = (await (await rig.post('/v1/responses', body)).json()) as Record<string, unknown>;
  const { bytes } = await hear(rig, callerOf('openai-responses'), { more: body });
  const last = JSON.parse(String(bytes).trim().split('data: ').at(-1)!) as {
    type: string;
    response: Record<string, unknown>;
  };
  assert.equal(last.type, 'response.incomplete');
  for (const response of [whole, last.response]) {
    assert.equal(response.status, 'incomplete');
    assert.deepEqual(response.incomplete_details, { reason: 'max_output_tokens' });
  }
});

describe('G13', () => {
  const more = {
    messages: [{ role: 'user', content: 'Ask both. [[simulate output=60 tools=2]]' }],
    tools: ['find_ship', 'quote_freight'].map(name => ({
      name,
      input_schema: { type: 'object', properties: { port: { type: 'string' } } },
    })),
  };
  /** The kinds of events in their order; deltas of one kind that follow each other are one. */
  async function shape(t: Parameters<typeof gatewayTo>[0], place: Parameters<typeof gatewayTo>[1]) {
    const rig = await gatewayTo(t, place);
    const { bytes } = await hear(rig, callerOf('anthropic-messages'), { more });
    const kinds = checkStream(bytes).map(({ type, index, content_block, delta }) =>
      [type, index, content_block?.type, delta?.type ?? delta?.stop_reason].join(' ').trim(),
    );
    const told = kinds.filter(kind => kind !== 'ping');
    return told.filter((kind, at) => kind !== told[at - 1]);
  }
  /** The same with a block at `index` that holds a signature alone; later ones move up. */
  function withSignatureBefore(native: readonly string[], index: number): string[] {
    const moved = native.map(kind =>
      kind.replace(/^(content_block_\w+) (\d+)/, (all, type, at) =>
        Number(at) < index ? all : `${type} ${Number(at) + 1}`,
      ),
    );
    const at = moved.findIndex(kind => kind.startsWith(`content_block_start ${index + 1}`));
    const block = [
      `content_block_start ${index} thinking`,
      `content_block_delta ${index}  signature_delta`,
      `content_block_stop ${index}`,
    ];
    return moved.toSpliced(at, 0, ...block);
  }
  for (const { name, service, dialect } of upstreams) {
    test(`G13: calls of tools stream to Messages as the native API streams them, from ${name}`, async t => {
      const native = await shape(t, { service: 'anthropic-api' });
      assert.ok(native.some(kind => /content_block_start 2 tool_use/.test(kind)));
      // Gemini signs its calls: the signature stands before them in a block of thinking.
      const own = dialect === 'gemini' ? withSignatureBefore(native, 1) : native;
      assert.deepEqual(await shape(t, { service, offer: { dialects: [dialect] } }), own);
    });
  }
});

describe('G15', () => {
  const texts = ['Zoë ', '荷物は', ' 📦 ', 'Привет'];
  for (const spoken of upstreams) {
    test(`G15: letters of several bytes come whole, at whichever byte the stream is cut, from ${spoken.name}`, () => {
      const bytes = stream(spoken.dialect, said(texts));
      return inFrontOf(spoken, byteByByte(spoken.dialect, bytes), async rig => {
        for (const caller of callers) {
          assert.equal((await hear(rig, caller)).text, texts.join(''), caller.dialect);
        }
      });
    });
  }
});

describe('G16', () => {
  const halves = ['Ship: \\ud83d', '\\udea2!'];
  for (const spoken of upstreams) {
    test(`G16: an emoji whose halves come in two deltas is whole, or is at least no lone half, from ${spoken.name}`, () => {
      // The halves are written as escapes, as a model's own server does that cuts by UTF-16.
      const marks = ['HALF1', 'HALF2'];
      const text = stream(spoken.dialect, said(marks)).toString('latin1');
      if (spoken.dialect === 'bedrock-converse') return framesWithHalves();
      const bytes = text.replaceAll('HALF1HALF2', halves.join(''));
      const cut = bytes.replaceAll('HALF1', halves[0]!).replaceAll('HALF2', halves[1]!);
      const script: Script = (_r, response) =>
        begin(spoken.dialect, response).end(Buffer.from(cut, 'latin1'));
      return inFrontOf(spoken, script, heardWhole(spoken));
    });
  }

  /** Frames carry a checksum: the text is put into the payload before it is framed. */
  function framesWithHalves(): Promise<void> {
    const spoken = upstreamOf('bedrock-converse');
    const codec = new EventStreamCodec(utf8, text => Buffer.from(text));
    const made = frames(stream(spoken.dialect, said(['HALF1', 'HALF2']))).map(frame => {
      const payload = Buffer.from(frame.body).toString();
      const body = payload.replace('HALF1', halves[0]!).replace('HALF2', halves[1]!);
      return codec.encode({ headers: frame.headers, body: Buffer.from(body) });
    });
    const script: Script = (_r, response) =>
      begin(spoken.dialect, response).end(Buffer.concat(made));
    return inFrontOf(spoken, script, heardWhole(spoken));
  }

  function heardWhole({ dialect }: Spoken) {
    return async (rig: Rig): Promise<void> => {
      for (const caller of callers.filter(c => c.dialect !== dialect)) {
        const { bytes, text } = await hear(rig, caller);
        assert.equal(text, 'Ship: 🚢!', caller.dialect);
        if (caller.dialect === 'bedrock-converse') continue;
        assert.doesNotMatch(utf8(bytes), /\ufffd|\\ud83d(?!\\ude)/i, caller.dialect);
      }
    };
  }
});

describe('G19', () => {
  for (const spoken of upstreams) {
    test(`G19: a word reaches the caller before the upstream has said the next, from ${spoken.name}`, async () => {
      let goOn = (): void => undefined;
      const all = stream(spoken.dialect);
      const first = untilFirstWord(spoken.dialect);
      const script: Script = (_received, response) => {
        begin(spoken.dialect, response).write(first);
        // A gateway that waits for more, or for a while, never hears the end.
        goOn = () => response.end(all.subarray(first.length));
      };
      await inFrontOf(spoken, script, async rig => {
        for (const caller of callers) {
          const heard = await hear(rig, caller, { onFirst: () => goOn() });
          assert.equal(heard.text, words.join(''), caller.dialect);
        }
      });
    });
  }
});

// Writes an answer over its connection, whole or streamed, or breaks it as its fault says.

import type { ServerResponse } from 'node:http';
import { answerEvents, answerResponse } from './answer/answer.ts';
import type { Face } from './clouds/face.ts';
import type { PlannedErrand } from './errand.ts';
import type { Fault } from './fault.ts';
import { breakBy } from './fault-effect.ts';
import { hangUp } from './front.ts';
import type { PlannedCall } from './model-host.ts';
import { StreamPlayer } from './stream-player.ts';

const webPage =
  '<!doctype html><html><head><title>Service</title></head><body>Simulated page</body></html>\n';

/** True when the fault leaves nothing to answer: silence, or something that is no answer. */
export function interrupt(
  face: Face,
  call: PlannedCall | PlannedErrand,
  fault: Fault | null,
  response: ServerResponse,
): boolean {
  if (fault?.kind === 'stall') {
    if (fault.headers === true) {
      response.writeHead(200, headersOf(face, call));
      response.flushHeaders();
    }
    return true;
  }
  if (fault?.kind !== 'garbage') return false;
  if (fault.frames !== true) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(webPage);
    return true;
  }
  const isStream = 'speech' in call && call.request.stream;
  const body = isStream ? call.speech.brokenStream() : '{"id":"broken","choi';
  response.writeHead(200, headersOf(face, call)).end(body);
  return true;
}

/** The answer of a unary call; a fault that breaks it does so in the middle of its bytes. */
export function deliverWhole(
  face: Face,
  call: PlannedCall | PlannedErrand,
  fault: Fault | null,
  response: ServerResponse,
): void {
  const body = 'speech' in call ? answerBody(call) : call.body;
  const length = { 'content-length': String(body.length) };
  response.writeHead(200, { ...headersOf(face, call), ...length });
  const broken = breakBy(fault);
  if (broken === null) return void response.end(body);
  response.write(body.subarray(0, body.length >> 1), () => {
    if (broken.kind === 'cut') hangUp(response);
  });
}

function answerBody({ speech, answer, context, facts }: PlannedCall): Uint8Array {
  const canonical = answerResponse(answer, context.id, context.model);
  return speech.finish(speech.dialect.encodeResponse(canonical, context).body, facts);
}

/** Begins a stream, which then plays by itself. */
export function deliverStream(
  face: Face,
  call: PlannedCall,
  fault: Fault | null,
  response: ServerResponse,
): StreamPlayer {
  const { speech, answer, context, facts, pace } = call;
  response.writeHead(200, headersOf(face, call));
  const encoder = speech.dialect.encoder(context);
  const framing = speech.framing?.begin() ?? asItIs;
  let isFirst = true;
  const player = new StreamPlayer({
    response,
    events: answerEvents(answer, context.id, context.model),
    msPerToken: pace.msPerToken,
    breaks: breakBy(fault),
    encode: event => {
      const bytes = encoder.push(event);
      if (bytes.length === 0) return bytes;
      const finished = speech.finishEvent(bytes, isFirst, facts);
      isFirst = false;
      return framing.push(finished);
    },
    streamError: () => framing.push(speech.streamError()),
    end: () => framing.end(),
  });
  player.start();
  return player;
}

const nothing = new Uint8Array();
const asItIs = { push: (bytes: Uint8Array): Uint8Array => bytes, end: () => nothing };

function headersOf(face: Face, call: PlannedCall | PlannedErrand): Record<string, string> {
  const { facts } = call;
  const unary = { 'content-type': 'application/json' };
  if (!('speech' in call)) {
    return { ...unary, ...face.headers(facts), ...call.errand.headers?.(call.usage) };
  }
  const { speech, request } = call;
  const type = speech.framing?.contentType ?? speech.dialect.streamContentType;
  const stream = { 'content-type': type, 'cache-control': 'no-cache' };
  if (request.stream) return { ...stream, ...face.headers(facts) };
  return { ...unary, ...face.headers(facts), ...speech.headers?.(facts) };
}

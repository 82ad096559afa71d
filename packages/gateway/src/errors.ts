// Every error that the gateway itself can answer with: code, class, and what it says. The class
// decides the status in each dialect; what upstreams say is mapped by their dialect instead.

import type { CanonicalError, ErrorClass } from '@entrepot/dialects/canonical';

export type GatewayErrorCode =
  | 'missing_key'
  | 'invalid_key'
  | 'encoded_body'
  | 'key_in_url'
  | 'unknown_alt'
  | 'body_too_large'
  | 'body_incomplete'
  | 'nothing_there'
  | 'wrong_method'
  | 'model_not_found'
  | 'no_offer'
  | 'no_counter'
  | 'unsupported_field'
  | 'native_body'
  | 'nothing_kept'
  | 'no_background'
  | 'no_conversations'
  | 'previous_response_not_found'
  | 'item_not_found'
  | 'not_cancellable'
  | 'ledger_unavailable'
  | 'draining'
  | 'upstream_auth_error'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_protocol'
  | 'upstream_truncated'
  | 'internal';

const table: Readonly<Record<GatewayErrorCode, readonly [ErrorClass, string]>> = {
  missing_key: [
    'auth',
    'No API key was given. Send it as "Authorization: Bearer KEY", "x-api-key: KEY" or as your SDK does.',
  ],
  invalid_key: ['auth', 'This API key is not known here.'],
  encoded_body: ['invalid_request', 'The body is compressed. Send it without content-encoding.'],
  key_in_url: [
    'invalid_request',
    'Keys do not belong into URLs, which are logged on the way. Send it as "x-goog-api-key: KEY".',
  ],
  unknown_alt: ['invalid_request', 'The query parameter "alt" must be sse or json.'],
  body_too_large: ['too_large', 'The body is larger than this gateway takes.'],
  body_incomplete: ['invalid_request', 'The body ended before it was whole.'],
  nothing_there: ['not_found', 'There is nothing at this address.'],
  wrong_method: ['wrong_method', 'This address does not take that method.'],
  model_not_found: ['not_found', 'There is no route of that name.'],
  no_offer: ['unsupported', 'No offer behind this route can carry the request.'],
  // What callers take for "there is none here": some then count by themselves.
  no_counter: ['not_found', 'No offer behind this route can count tokens.'],
  unsupported_field: [
    'unsupported',
    'The offers behind this route cannot carry a field of the request.',
  ],
  native_body: [
    'unsupported',
    "This is a body of a model's own form, which goes by InvokeModel to Amazon Bedrock alone, and to the model that it is for: no offer behind this route takes it. Ask by /model/{model}/converse, which is carried to every cloud. (Claude's has anthropic_version, Nova's inferenceConfig: they are carried, too.)",
  ],
  nothing_kept: [
    'unsupported',
    'This gateway keeps no answers, so that none can be continued or asked for: its operator can set responses.store to gateway. Send the whole conversation as "input", and "store": false.',
  ],
  no_background: [
    'unsupported',
    'Answers are not made in the background here. Wait for the answer, or ask for a stream.',
  ],
  no_conversations: [
    'unsupported',
    'There are no conversations here. Continue an answer by its id: "previous_response_id".',
  ],
  item_not_found: ['invalid_request', 'An item that the input refers to is not known here.'],
  previous_response_not_found: ['invalid_request', 'The answer to continue is not known here.'],
  not_cancellable: ['invalid_request', 'Cannot cancel a synchronous response.'],
  ledger_unavailable: [
    'unavailable',
    'The ledger cannot record the request, so it was not sent. Try again.',
  ],
  draining: ['unavailable', 'This gateway is shutting down. Try again.'],
  upstream_auth_error: [
    'upstream',
    "The upstream rejected the gateway's own credential. This is for the operator to mend.",
  ],
  upstream_unreachable: ['unavailable', 'No upstream behind this route could be reached.'],
  upstream_timeout: ['timeout', 'The upstream gave no answer in time.'],
  upstream_protocol: ['upstream', 'The upstream answered with something that is not its protocol.'],
  upstream_truncated: ['truncated', 'The upstream ended the answer before it was whole.'],
  internal: ['upstream', 'The gateway failed while it handled this request.'],
};

/** The canonical error of a code; `detail` is added to the message, `field` names the place. */
export function gatewayError(
  code: GatewayErrorCode,
  detail?: string,
  field?: string,
): CanonicalError {
  const [errorClass, text] = table[code];
  const message = detail === undefined ? text : `${text} ${detail}`;
  return field === undefined
    ? { class: errorClass, code, message }
    : { class: errorClass, code, message, field };
}

/** A request that is refused before any upstream was called. */
export class Refusal extends Error {
  readonly error: CanonicalError;
  constructor(error: CanonicalError) {
    super(error.message);
    this.name = 'Refusal';
    this.error = error;
  }
}

/** Shortens text from outside and takes out what looks like a key, before it is shown to anyone. */
export function scrub(text: string): string {
  const short = text.length > 2048 ? `${text.slice(0, 2048)}...` : text;
  return short.replace(/\b(sk-|AKIA|ASIA|AIza|ya29\.|eyJ)[A-Za-z0-9._-]{8,}/g, '$1[secret]');
}

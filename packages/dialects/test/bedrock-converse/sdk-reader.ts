// Amazon's own client as the reader of bytes: a request handler of ours hands them to it.

import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandOutput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';

const question = { modelId: 'm', messages: [{ role: 'user' as const, content: [{ text: 'q' }] }] };

/** What the client would have sent, as far as a test looks at it. */
export interface Sent {
  path: string;
  body: string;
}

export function sdk(
  body: Uint8Array,
  status: number,
  headers: Readonly<Record<string, string>>,
  sent?: Sent,
): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { path: string; body: Uint8Array }) => {
        if (sent !== undefined) {
          sent.path = request.path;
          sent.body = new TextDecoder().decode(request.body);
        }
        const stream = new Blob([Buffer.from(body)]).stream();
        return { response: { statusCode: status, headers: { ...headers }, body: stream } };
      },
    },
  });
}

/** A whole answer. */
export async function sdkWhole(body: Uint8Array): Promise<ConverseCommandOutput> {
  const client = sdk(body, 200, { 'content-type': 'application/json' });
  return await client.send(new ConverseCommand(question));
}

/** The events of a stream; rejects for one that is broken. */
export async function sdkStreamed(body: Uint8Array): Promise<ConverseStreamOutput[]> {
  const client = sdk(body, 200, { 'content-type': 'application/vnd.amazon.eventstream' });
  const { stream } = await client.send(new ConverseStreamCommand(question));
  return await Array.fromAsync(stream!);
}

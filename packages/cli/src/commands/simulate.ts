// `entrepot simulate`: the simulated clouds alone, until told to stop.

import { type CloudName, cloudNames } from '@entrepot/simcloud/cloud-name';
import { defaultCredentials } from '@entrepot/simcloud/credentials';
import { type Fault, FaultError, parseFaultWord } from '@entrepot/simcloud/fault';
import { type Simcloud, startSimcloud } from '@entrepot/simcloud/simcloud';
import type { SimcloudUrls } from '@entrepot/simcloud/urls';
import { type Command, type Output, UsageError } from '../command.ts';
import { stopSignal } from '../stop-signal.ts';

const help = `Run the simulated clouds alone.

Usage: entrepot simulate [options]

OpenAI, Azure OpenAI, Anthropic, Bedrock, Gemini, Vertex AI and Bedrock's Mantle endpoint on
loopback, in their real wire formats, so that SDKs can call them without an account. What they say
means nothing, and costs nothing.

Options:
  --seed N             the same seed and calls give the same answers (default: 1)
  --speed N            how many times faster than life they answer (default: 1)
  --port-base N        ports N to N+6 for the clouds in the order above, N+7 to control them
                       (default: free ports)
  --fault CLOUD:KIND   a fault from the start; without CLOUD, at all of them. May be given again.
                       Clouds: openai, azure-openai, anthropic, bedrock, gemini, vertex-ai,
                       bedrock-mantle. Kinds: stall, stall-mid-stream, cut, rate-limit,
                       server-error, overloaded, refuse, garbage, slow, in-stream-error, auth.
  --json               addresses and keys as one line of JSON

Words in the last user message steer an answer:
  [[simulate input=1500 output=120 tools=2 thinking=64 stop=content_filter]]

Faults while it runs, with the address that is printed for control:
  curl -X PUT -d '[{"kind":"stall","share":0.5}]' CONTROL/faults/azure-openai
  curl -X DELETE CONTROL/faults
  curl CONTROL/stats

Examples:
  entrepot simulate --port-base 8180
  entrepot simulate --speed 10 --fault azure-openai:stall --fault bedrock:rate-limit`;

export const simulate: Command = {
  name: 'simulate',
  summary: 'Run the simulated clouds alone.',
  help,
  options: {
    seed: { type: 'string' },
    speed: { type: 'string' },
    'port-base': { type: 'string' },
    fault: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, output) {
    if (positionals.length > 0) throw new UsageError(`it takes no argument "${positionals[0]}"`);
    const portBase = numberOf(values, 'port-base', { least: 1, most: 65_529, isWhole: true });
    const simcloud = await start({
      seed: numberOf(values, 'seed', { least: 0, most: 2 ** 32, isWhole: true }) ?? 1,
      speed: numberOf(values, 'speed', { least: 0.001, most: 1e6, isWhole: false }) ?? 1,
      ports: portBase === null ? {} : portsFrom(portBase),
      faults: faultsOf(values.fault as string[] | undefined),
    });
    const stopped = stopSignal();
    if (values.json === true) output.print(JSON.stringify(described(simcloud.urls)));
    else introduce(simcloud.urls, output);
    await stopped;
    await simcloud.close();
    return 0;
  },
};

async function start(options: Parameters<typeof startSimcloud>[0]): Promise<Simcloud> {
  try {
    return await startSimcloud(options);
  } catch (error) {
    const { code, port } = error as { code?: string; port?: number };
    if (code === 'EADDRINUSE') {
      throw new UsageError(`port ${port} is taken. Choose another --port-base, or none.`, 3);
    }
    throw error;
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

function numberOf(
  values: Parameters<Command['run']>[0]['values'],
  name: string,
  { least, most, isWhole }: Range,
): number | null {
  const text = values[name];
  if (typeof text !== 'string') return null;
  const value = Number(text);
  const isWrong = text.trim() === '' || !(value >= least && value <= most);
  if (isWrong || (isWhole && !Number.isInteger(value))) {
    const kind = isWhole ? 'whole number' : 'number';
    throw new UsageError(`--${name} must be a ${kind} from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function portsFrom(base: number): Record<CloudName | 'control', number> {
  return {
    openai: base,
    'azure-openai': base + 1,
    anthropic: base + 2,
    bedrock: base + 3,
    gemini: base + 4,
    'vertex-ai': base + 5,
    'bedrock-mantle': base + 6,
    control: base + 7,
  };
}

function faultsOf(words: readonly string[] = []): Record<CloudName, Fault[]> {
  const faults = Object.fromEntries(cloudNames.map(name => [name, []])) as unknown as Record<
    CloudName,
    Fault[]
  >;
  for (const word of words) {
    try {
      const { cloud, fault } = parseFaultWord(word);
      for (const name of cloud === null ? cloudNames : [cloud]) faults[name].push(fault);
    } catch (error) {
      if (error instanceof FaultError) throw new UsageError(`--fault ${word}: ${error.message}`);
      throw error;
    }
  }
  return faults;
}

function described(urls: SimcloudUrls): object {
  const { openai, azureOpenai, anthropic, bedrock, gemini, vertexAi, aws } = defaultCredentials;
  return {
    simulated: true,
    urls,
    keys: {
      openai: openai[0],
      azureOpenai: azureOpenai[0],
      anthropic: anthropic[0],
      bedrock: bedrock[0],
      gemini: gemini[0],
      vertexAi: vertexAi[0],
      aws: aws[0],
    },
  };
}

function introduce(urls: SimcloudUrls, output: Output): void {
  const { openai, azureOpenai, anthropic, bedrock, gemini, vertexAi, aws } = defaultCredentials;
  const [pair] = aws;
  const chat = '{"messages":[{"role":"user","content":"Hello"}]';
  const json = "-H 'content-type: application/json'";
  const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1%3A0';
  output.print(
    [
      'Simulated clouds on loopback. Their answers are made up and cost nothing.',
      '',
      `OpenAI (simulated)         ${urls.openai}   key ${openai[0]}`,
      `  curl ${urls.openai}/v1/chat/completions -H 'authorization: Bearer ${openai[0]}' ${json} -d '${chat},"model":"gpt-5.4"}'`,
      `Azure OpenAI (simulated)   ${urls.azureOpenai}   key ${azureOpenai[0]}`,
      `  curl ${urls.azureOpenai}/openai/v1/chat/completions -H 'api-key: ${azureOpenai[0]}' ${json} -d '${chat},"model":"gpt-5.4"}'`,
      `Anthropic (simulated)      ${urls.anthropic}   key ${anthropic[0]}`,
      `  curl ${urls.anthropic}/v1/messages -H 'x-api-key: ${anthropic[0]}' -H 'anthropic-version: 2023-06-01' ${json} -d '${chat},"model":"claude-haiku-4-5","max_tokens":100}'`,
      `Bedrock (simulated)        ${urls.bedrock}   key ${bedrock[0]}`,
      `                           or AWS keys ${pair!.accessKeyId} / ${pair!.secretAccessKey}`,
      `  curl ${urls.bedrock}/model/${haiku}/converse -H 'authorization: Bearer ${bedrock[0]}' ${json} -d '{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}'`,
      `Bedrock Mantle (simulated) ${urls.bedrockMantle}   the same keys`,
      `  curl ${urls.bedrockMantle}/v1/chat/completions -H 'authorization: Bearer ${bedrock[0]}' ${json} -d '${chat},"model":"openai.gpt-oss-120b"}'`,
      `Gemini (simulated)         ${urls.gemini}   key ${gemini[0]}`,
      `  curl ${urls.gemini}/v1beta/models/gemini-2.5-flash:generateContent -H 'x-goog-api-key: ${gemini[0]}' ${json} -d '{"contents":[{"parts":[{"text":"Hello"}]}]}'`,
      `Vertex AI (simulated)      ${urls.vertexAi}   token ${vertexAi[0]}`,
      `  curl ${urls.vertexAi}/v1/projects/any/locations/global/publishers/google/models/gemini-2.5-flash:generateContent -H 'authorization: Bearer ${vertexAi[0]}' ${json} -d '{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}'`,
      '',
      `Control                    ${urls.control}`,
      `  curl -X PUT -d '[{"kind":"stall"}]' ${urls.control}/faults/azure-openai`,
      '',
      'Ctrl-C stops them.',
    ].join('\n'),
  );
}

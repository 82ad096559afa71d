// `npm run agents`: real coding agents complete an exchange of several turns with a tool through
// the gateway, each in front of every simulated cloud. Prints a table; `--write` puts it into
// docs/agents.md. Needs the npm registry for the first run and no other network.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from '../../packages/gateway/test/sdk/clouds.ts';
import { type Agent, agents } from './agents.ts';
import { type Exchanged, exchange } from './exchange.ts';
import { install } from './install.ts';

interface Row extends Exchanged {
  readonly agent: Agent;
  readonly place: string;
}

const rows: Row[] = [];
for (const agent of agents) {
  const command = install(agent);
  for (const place of places) {
    const done = await exchange(agent, command, place);
    rows.push({ ...done, agent, place: place.name });
    console.log(`${agent.name} in front of ${place.name}: ${verdict(done)}`);
  }
}
const failed = rows.filter(({ problems }) => problems.length > 0).length;
console.log(`${rows.length - failed} passed, ${failed} failed`);
if (process.argv.includes('--write')) {
  writeFileSync(join(import.meta.dirname, '../../docs/agents.md'), page());
}
process.exitCode = failed === 0 ? 0 : 1;

function verdict({ problems, requests }: Exchanged): string {
  return problems.length === 0 ? `${requests} requests, as it must` : problems.join('; ');
}

function page(): string {
  const lines = rows.map(({ agent, place, problems, requests, inputTokens, outputTokens, lost }) =>
    [
      `${agent.name} ${agent.version}`,
      agent.dialect,
      place,
      problems.length === 0 ? 'passed' : 'failed',
      requests,
      inputTokens,
      outputTokens,
      lost.join(', ') || '-',
    ].join(' | '),
  );
  return `# Coding agents through the gateway

Made by \`npm run agents -- --write\`: do not edit.

Each agent is asked to write a file. The simulated model calls the agent's own tool for that, the
agent runs it and sends the result back, and the model answers in words. A row has passed when the
agent ended well, the file is there with its content, and the ledger has every request as \`ok\`
with the usage that the cloud reported and a charge. "Lost" is what the cloud cannot carry of what the
agent asked for: the route says \`losses: drop\`; every answer says it in \`entrepot-lost\`.

| agent | speaks | in front of | result | requests | tokens in | tokens out | lost |
|---|---|---|---|---|---|---|---|
${lines.map(line => `| ${line} |`).join('\n')}

${rows.length - failed} of ${rows.length} passed.
`;
}

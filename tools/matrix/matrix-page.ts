// The results of the tests as a page: a table for each client, a row for each feature, a column for
// each cloud.

import type { Cell } from './cell.ts';

export function matrixPage(cells: readonly Cell[], clouds: readonly string[]): string {
  const clients = [...new Set(cells.map(({ client }) => client))].sort();
  const tables = clients.map(client => {
    const own = cells.filter(cell => cell.client === client);
    return `## ${client}\n\n${cloudTable(own, clouds)}${cloudless(own)}`;
  });
  return `# Every client in front of every cloud

Made by \`npm run matrix -- --write\` from the tests in \`packages/gateway/test/sdk/\`: do not edit. The
official SDKs call a gateway, behind which the simulated clouds speak their real wire formats.

${summary(cells)}

${tables.join('\n')}`;
}

export function summary(cells: readonly Cell[]): string {
  const failed = cells.filter(({ passed }) => !passed).length;
  return `${cells.length} tests: ${cells.length - failed} passed, ${failed} failed.`;
}

function cloudTable(cells: readonly Cell[], clouds: readonly string[]): string {
  const used = clouds.filter(cloud => cells.some(cell => cell.cloud === cloud));
  if (used.length === 0) return '';
  const inClouds = cells.filter(({ cloud }) => cloud !== null);
  const features = [...new Set(inClouds.map(({ feature }) => feature))];
  const rows = features.map(feature => {
    const marks = used.map(cloud =>
      mark(inClouds.filter(cell => cell.feature === feature && cell.cloud === cloud)),
    );
    return `| ${feature} | ${marks.join(' | ')} |`;
  });
  const head = `| feature | ${used.join(' | ')} |\n|---|${'---|'.repeat(used.length)}`;
  return `${head}\n${rows.join('\n')}\n`;
}

function mark(cells: readonly Cell[]): string {
  if (cells.length === 0) return '-';
  return cells.every(({ passed }) => passed) ? 'passed' : 'FAILED';
}

function cloudless(cells: readonly Cell[]): string {
  const lines = cells
    .filter(({ cloud }) => cloud === null)
    .map(({ feature, passed }) => `- ${feature}: ${mark([{ passed } as Cell])}`);
  return lines.length === 0 ? '' : `\nWhatever the cloud:\n\n${lines.join('\n')}\n`;
}

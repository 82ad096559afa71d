// Streams that are open at one time, each as quick as a slow model: what an event costs, and what a
// stream holds while it is open.

import { type Work, works } from '../works.ts';
import type { Dimension } from './dimension.ts';
import type { Row } from './result.ts';
import { loadColumns, underLoad } from './under-load.ts';

const values = [100, 1_000, 5_000];
const stream = { events: 10, paceMs: 500 };
const streamSeconds = (stream.events * stream.paceMs) / 1000;
/** Streams begin evenly over one length of a stream, and as many are open for the next one. */
const lengths = 2;

export const streams: Dimension = {
  name: 'streams',
  async measure(options) {
    const rows: Row[] = [];
    for (const value of values) {
      options.tell(`streams: ${value}`);
      const work: Work = { ...works[0]!, stream, connections: Math.ceil(value * 1.1) };
      const load = { work, rate: value / streamSeconds, seconds: streamSeconds * lengths };
      const figures = await underLoad(options, () => ({}), { ...load, rounds: 1 });
      const { peakRssBytes, idleRssBytes } = figures;
      const held = ((peakRssBytes ?? 0) - (idleRssBytes ?? 0)) / value;
      rows.push({ value, figures: { ...figures, bytesPerStream: held } });
    }
    return {
      name: 'streams',
      how: `streams of ${stream.events} events, one each ${stream.paceMs} ms`,
      grows: 'open streams',
      columns: [
        ...loadColumns({ ...works[0]!, stream }),
        { key: 'bytesPerStream', title: 'RSS KB per stream', unit: 'KB' },
        { key: 'peakFiles', title: 'open files', unit: 'count' },
      ],
      rows,
    };
  },
};

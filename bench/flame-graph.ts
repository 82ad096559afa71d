// A CPU profile of V8 as a flame graph in SVG: width is time, callers stand below what they call,
// each box tells its share when it is pointed at.

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  /** Microseconds of the machine's monotonic clock. */
  readonly startTime: number;
  /** Ids of the nodes that ran, and microseconds between two samples. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly name: string;
  readonly children: Map<string, Frame>;
  us: number;
}

const width = 1600;
const rowHeight = 16;
/** Narrower boxes are left out: nobody can read them. */
const leastShare = 0.002;
const charWidth = 6.5;

/** Of what ran after `fromUs`, on the clock of the profile. */
export function flameGraph(profile: CpuProfile, fromUs: number, title: string): string {
  const root = busy(profile, fromUs);
  const boxes: string[] = [];
  const depth = draw(root, 0, 0, root.us, boxes);
  const height = (depth + 3) * rowHeight;
  const placed = boxes
    .join('\n')
    .replaceAll(/y="(\d+)"/g, (_all, y) => `y="${height - Number(y)}"`);
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`;
  const caption = `<text x="4" y="14">${escaped(title)}: ${(root.us / 1e6).toFixed(1)} s busy</text>`;
  return `${head} font-family="monospace" font-size="11">\n${caption}\n${placed}\n</svg>\n`;
}

/** All stacks that ran, merged by name; idle time is left out. */
function busy({ nodes, samples, timeDeltas, startTime }: CpuProfile, fromUs: number): Frame {
  const parents = new Map<number, number>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id);
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const root: Frame = { name: 'all', children: new Map(), us: 0 };
  let atUs = startTime;
  for (const [at, id] of samples.entries()) {
    atUs += timeDeltas[at] ?? 0;
    if (atUs < fromUs || names.get(id) === '(idle)') continue;
    const stack: string[] = [];
    for (let one: number | undefined = id; one !== undefined; one = parents.get(one)) {
      stack.unshift(names.get(one)!);
    }
    add(root, stack.slice(1), timeDeltas[at] ?? 0);
  }
  return root;
}

function nameOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.split('/').slice(-2).join('/');
  return file === '' ? functionName : `${functionName || '(anonymous)'} ${file}`;
}

function add(root: Frame, stack: readonly string[], us: number): void {
  let frame = root;
  frame.us += us;
  for (const name of stack) {
    let next = frame.children.get(name);
    if (next === undefined) {
      next = { name, children: new Map(), us: 0 };
      frame.children.set(name, next);
    }
    next.us += us;
    frame = next;
  }
}

/** Returns how many rows there are. `y` counts from below until the height is known. */
function draw(frame: Frame, x: number, row: number, totalUs: number, boxes: string[]): number {
  const share = frame.us / totalUs;
  const wide = share * width;
  const letters = Math.floor(wide / charWidth);
  const label = letters < 4 ? '' : frame.name.slice(0, letters);
  const y = (row + 2) * rowHeight;
  const hue = [...frame.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 50, 7);
  boxes.push(
    `<g><title>${escaped(frame.name)}: ${(share * 100).toFixed(1)} %</title>` +
      `<rect x="${x.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${rowHeight - 1}" ` +
      `fill="hsl(${hue},80%,70%)"/>` +
      `<text x="${(x + 2).toFixed(1)}" y="${y - 11}">${escaped(label)}</text></g>`,
  );
  let rows = row + 1;
  let at = x;
  for (const child of [...frame.children.values()].sort((a, b) => b.us - a.us)) {
    if (child.us / totalUs < leastShare) continue;
    rows = Math.max(rows, draw(child, at, row + 1, totalUs, boxes));
    at += (child.us / totalUs) * width;
  }
  return rows;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

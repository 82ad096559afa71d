// A scatter plot of predicted over measured values on logarithmic axes, as SVG.

export interface ScatterPoint {
  readonly measured: number;
  readonly predicted: number;
  readonly series: string;
}

export interface Scatter {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly ScatterPoint[];
}

const size = 420;
const margin = 56;
const colours = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#17becf', '#8c564b'];

/** One plot: the diagonal is a right prediction, the dashed lines are 25 % off. */
export function scatterSvg({ title, unit, points }: Scatter): string {
  const values = points.flatMap(p => [p.measured, p.predicted]);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const span = size - 2 * margin;
  const x = (value: number): number => margin + ((Math.log10(value) - low) / (high - low)) * span;
  const y = (value: number): number => size - x(value);
  const series = [...new Set(points.map(p => p.series))].sort();
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" font-family="sans-serif" font-size="11">`,
    `<title>${title}: predicted over measured</title>`,
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    `<text x="${margin}" y="22" font-size="14">${title}</text>`,
  ];
  for (let power = low; power <= high; power++) {
    const at = x(10 ** power);
    const other = size - at;
    parts.push(
      `<path d="M${at} ${margin}V${size - margin}M${margin} ${other}H${size - margin}" stroke="#ddd"/>`,
      `<text x="${at}" y="${size - margin + 16}" text-anchor="middle">${10 ** power}</text>`,
      `<text x="${margin - 6}" y="${other + 4}" text-anchor="end">${10 ** power}</text>`,
    );
  }
  for (const [factor, dash] of [
    [1, ''],
    [1.25, ' stroke-dasharray="4 4"'],
    [0.8, ' stroke-dasharray="4 4"'],
  ] as const) {
    const from = 10 ** low * Math.max(1, 1 / factor);
    const to = 10 ** high * Math.min(1, 1 / factor);
    parts.push(
      `<line x1="${x(from)}" y1="${y(from * factor)}" x2="${x(to)}" y2="${y(to * factor)}" stroke="#888"${dash}/>`,
    );
  }
  series.forEach((name, i) => {
    const fill = colours[i % colours.length];
    const marks = points
      .filter(p => p.series === name)
      .map(p => `M${x(p.measured).toFixed(1)} ${y(p.predicted).toFixed(1)}h.01`);
    parts.push(
      `<path d="${marks.join('')}" stroke="${fill}" stroke-width="3" stroke-linecap="round" opacity="0.6"/>`,
      `<text x="${margin + 8}" y="${margin + 14 + 14 * i}" fill="${fill}">${name}</text>`,
    );
  });
  parts.push(
    `<text x="${size / 2}" y="${size - 14}" text-anchor="middle">measured, ${unit}</text>`,
    `<text transform="translate(14 ${size / 2}) rotate(-90)" text-anchor="middle">predicted, ${unit}</text>`,
    '</svg>',
  );
  return `${parts.join('\n')}\n`;
}

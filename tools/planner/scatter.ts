// A scatter plot of predicted over measured values as SVG: both axes logarithmic, the diagonal, and
// lines 20 % off it.

export interface Point {
  readonly measured: number;
  readonly predicted: number;
  /** Index of the series. */
  readonly series: number;
}

const size = 640;
const margin = 60;
const colours = ['#1f6feb', '#d1570c', '#1a7f37'];

/** The plot of these points, all above 0. */
export function scatter(
  title: string,
  unit: string,
  series: readonly string[],
  points: readonly Point[],
): string {
  const values = points.flatMap(point => [point.measured, point.predicted]);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const scale = (size - 2 * margin) / (high - low);
  const x = (value: number) => margin + (Math.log10(value) - low) * scale;
  const y = (value: number) => size - x(value);
  const text = (at: string, words: string) => `<text ${at} font-size="13">${words}</text>`;
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)).flatMap(value => [
    `<path d="M${x(value)} ${margin}V${size - margin}M${margin} ${y(value)}H${size - margin}" stroke="#ddd"/>`,
    text(`x="${x(value)}" y="${size - margin + 18}" text-anchor="middle"`, String(value)),
    text(`x="${margin - 6}" y="${y(value) + 4}" text-anchor="end"`, String(value)),
  ]);
  const line = (factor: number, dash: string): string => {
    const from = 10 ** low;
    const to = 10 ** high;
    const ends = `x1="${x(from)}" y1="${y(from * factor)}" x2="${x(to)}" y2="${y(to * factor)}"`;
    return `<line ${ends} stroke="#666" stroke-dasharray="${dash}"/>`;
  };
  const dots = points.map(({ measured, predicted, series: of }) => {
    const at = `cx="${x(measured).toFixed(1)}" cy="${y(predicted).toFixed(1)}"`;
    return `<circle ${at} r="3" fill="${colours[of]}" fill-opacity="0.55"/>`;
  });
  const legend = series.flatMap((name, i) => [
    `<circle cx="${margin + 14}" cy="${margin + 16 + 20 * i}" r="4" fill="${colours[i]}"/>`,
    text(`x="${margin + 24}" y="${margin + 20 + 20 * i}"`, name),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" font-family="sans-serif">`,
    `<title>${title}</title>`,
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    text(`x="${size / 2}" y="30" text-anchor="middle"`, title),
    text(`x="${size / 2}" y="${size - 14}" text-anchor="middle"`, `measured, ${unit}`),
    text(
      `transform="translate(18 ${size / 2}) rotate(-90)" text-anchor="middle"`,
      `predicted, ${unit}`,
    ),
    ...ticks,
    line(1, '0'),
    line(1.2, '4'),
    line(1 / 1.2, '4'),
    ...dots,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

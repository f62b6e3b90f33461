/** @file Training curves as an SVG chart: one line a series, axis ticks at round values, the last value beside each line. */
import { type Html, html } from './html.ts';

export interface Series {
  readonly name: string;
  /** x is an epoch or step, ascending; values that are not finite are left out. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
}

const size = { width: 520, height: 260, left: 48, right: 132, top: 16, bottom: 36 };

/** Colours that stay apart for colour-blind eyes (Okabe, Ito 2008), light enough for a dark page. */
const colours = ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#f0e442', '#d55e00'];

export function renderChart(chart: Chart): Html {
  const series = chart.series
    .map(({ name, points }) => ({ name, points: points.filter(({ y }) => Number.isFinite(y)) }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0)
    return html`<figure class="chart"><figcaption>${chart.title}: nothing was recorded</figcaption></figure>`;
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y));
  const xTicks = roundTicks(Math.min(...xs), Math.max(...xs), 6);
  const yTicks = roundTicks(Math.min(...ys), Math.max(...ys), 5);
  const x = scale([Math.min(...xs), Math.max(...xs)], [size.left, size.width - size.right]);
  const y = scale([yTicks[0]!, yTicks.at(-1)!], [size.height - size.bottom, size.top]);
  const labels = spreadLabels(series.map(({ points }) => y(points.at(-1)!.y)));
  return html`<figure class="chart"><svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${chart.title}">
${yTicks.map((tick) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="${size.left - 6}" y="${y(tick) + 4}" text-anchor="end">${tickText(tick)}</text>`)}
${xTicks.filter((tick) => tick >= Math.min(...xs) && tick <= Math.max(...xs)).map((tick) => html`<text class="tick" x="${x(tick)}" y="${size.height - size.bottom + 16}" text-anchor="middle">${tickText(tick)}</text>`)}
<text class="axis" x="${(size.left + size.width - size.right) / 2}" y="${size.height - 4}" text-anchor="middle">${chart.xLabel}</text>
${series.map(({ name, points }, i) => {
  const colour = colours[i % colours.length]!;
  const path = points
    .map((point, j) => `${j === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`)
    .join('');
  const end = points.at(-1)!;
  return html`<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.8"/><circle cx="${x(end.x)}" cy="${y(end.y)}" r="2.5" fill="${colour}"/><text class="name" x="${x(end.x) + 8}" y="${labels[i]! + 4}" fill="${colour}">${name} ${valueText(end.y)}</text>`;
})}
</svg><figcaption>${chart.title}</figcaption></figure>`;
}

function scale(
  [low, high]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  const span = high - low || 1;
  return (value) => Math.round((start + ((value - low) / span) * (end - start)) * 10) / 10;
}

/** Round values that enclose low … high, about `count` of them. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Moves labels apart so that none covers another; keeps their order. */
function spreadLabels(positions: readonly number[]): number[] {
  const gap = 14;
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!);
  const spread = [...positions];
  order.forEach((index, rank) => {
    const above = rank === 0 ? Number.NEGATIVE_INFINITY : spread[order[rank - 1]!]! + gap;
    spread[index] = Math.max(spread[index]!, above);
  });
  return spread;
}

const tickText = (value: number) => String(Number(value.toPrecision(6)));
const valueText = (value: number) => value.toFixed(Math.abs(value) < 10 ? 3 : 1);

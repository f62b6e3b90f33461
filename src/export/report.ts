/** @file The page of a report: one HTML file that needs nothing else, so that it can be mailed and opened anywhere. */
import { type Chart, renderChart } from './report/curves.ts';
import { overlayColours } from './report/error-overlay.ts';
import { type Html, html } from './report/html.ts';

export type { Chart, Series } from './report/curves.ts';

const css = ([red, green, blue]: readonly [number, number, number]) => `rgb(${red} ${green} ${blue})`;

/** What the colours of the difference pictures mean. */
export const reportLegend = [
  { colour: css(overlayColours.hit), text: 'found' },
  { colour: css(overlayColours.missed), text: 'missed' },
  { colour: css(overlayColours.added), text: 'added' },
] as const;

export interface ReportPicture {
  readonly caption: string;
  /** PNG file. */
  readonly png: Uint8Array;
}

export interface ReportCase {
  readonly name: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly pictures: readonly ReportPicture[];
}

export interface ReportPage {
  readonly title: string;
  /** Pairs for the head of the page: data, plugin, preset, time. */
  readonly facts: readonly (readonly [string, string])[];
  readonly charts: readonly Chart[];
  /** Columns of the table: metric name → heading with unit. */
  readonly columns: Readonly<Record<string, string>>;
  readonly cases: readonly ReportCase[];
  readonly legend: readonly { readonly colour: string; readonly text: string }[];
}

const style = `
:root { color-scheme: dark; --page: #17181a; --panel: #1f2123; --line: #34373a; --text: #e4e5e6; --quiet: #a0a4a8; }
@media (prefers-color-scheme: light) { :root { color-scheme: light; --page: #fafafa; --panel: #fff; --line: #dcdee0; --text: #1c1d1f; --quiet: #5c6166; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 32px 24px 64px; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; font-weight: 600; margin: 0 0 16px; } h2 { font-size: 17px; font-weight: 600; margin: 40px 0 12px; } h3 { font-size: 15px; font-weight: 600; margin: 24px 0 8px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 24px; margin: 0; } dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { padding: 6px 12px; border-bottom: 1px solid var(--line); text-align: right; }
th { font-weight: 500; color: var(--quiet); vertical-align: bottom; } th:first-child, td:first-child { text-align: left; } tfoot td { font-weight: 600; border-bottom: none; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 16px; } figure { margin: 0; } figcaption { color: var(--quiet); font-size: 13px; margin-top: 4px; }
.chart { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 12px; } svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
.grid { stroke: var(--line); stroke-width: 1; } .tick, .axis { fill: var(--quiet); }
.pictures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; } .pictures img { display: block; width: 100%; background: #000; image-rendering: pixelated; }
.legend { display: flex; gap: 24px; flex-wrap: wrap; color: var(--quiet); font-size: 13px; } .legend i { display: inline-block; width: 11px; height: 11px; margin-right: 6px; border-radius: 2px; }
footer { margin-top: 48px; color: var(--quiet); font-size: 13px; }
@media (max-width: 700px) { .pictures { grid-template-columns: repeat(2, 1fr); } }
@media print { :root { color-scheme: light; --page: #fff; --panel: #fff; --line: #ccc; --text: #000; --quiet: #444; } h3, .pictures { break-inside: avoid; } }
`;

export function renderReport(page: ReportPage): string {
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${page.title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><style>${raw(style)}</style></head>
<body><h1>${page.title}</h1>
<dl>${page.facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<h2>Held-out cases</h2>${table(page)}
<h2>Training</h2><div class="charts">${page.charts.map(renderChart)}</div>
<h2>Pictures</h2><p class="legend">${page.legend.map(({ colour, text }) => html`<span><i style="background:${colour}"></i>${text}</span>`)}</p>
${page.cases.map((entry) => html`<h3>${entry.name}</h3><div class="pictures">${entry.pictures.map(picture)}</div>`)}
<footer>Made by Sagitta on this machine. For research use only; not for diagnosis.</footer>
</body></html>
`;
  return document.text;
}

function table({ columns, cases }: ReportPage): Html {
  const names = Object.keys(columns);
  const mean = (name: string) => {
    const values = cases
      .map(({ metrics }) => metrics[name])
      .filter((value): value is number => typeof value === 'number');
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const isCount = (name: string) =>
    cases.every(({ metrics }) => Number.isInteger(metrics[name] ?? 0)) &&
    cases.some(({ metrics }) => (metrics[name] ?? 0) > 1);
  return html`<table><thead><tr><th>Case</th>${names.map((name) => html`<th>${columns[name]!}</th>`)}</tr></thead>
<tbody>${cases.map(({ name, metrics }) => html`<tr><td>${name}</td>${names.map((column) => html`<td>${number(metrics[column] ?? null, isCount(column))}</td>`)}</tr>`)}</tbody>
<tfoot><tr><td>Mean</td>${names.map((name) => html`<td>${number(mean(name), isCount(name))}</td>`)}</tr></tfoot></table>`;
}

/** Counts are whole in the rows and have one decimal as a mean; all else has three. */
function number(value: number | null, isCount: boolean): string {
  if (value === null) return '–';
  if (isCount) return Number.isInteger(value) ? String(value) : value.toFixed(1);
  return value.toFixed(3);
}

function picture({ caption, png }: ReportPicture): Html {
  return html`<figure><img alt="${caption}" src="data:image/png;base64,${base64(png)}"><figcaption>${caption}</figcaption></figure>`;
}

/** Our own style sheet, which needs no escaping. */
function raw(text: string): Html {
  return html([text] as unknown as TemplateStringsArray);
}

function base64(bytes: Uint8Array): string {
  const chunk = 0x6000;
  let text = '';
  for (let i = 0; i < bytes.length; i += chunk)
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + chunk)));
  return text;
}

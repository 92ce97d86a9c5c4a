/** The table and the picture of a bench's results. */

import type { Measurement } from './measure.ts';
import type { ToolName } from './tools.ts';

export interface Row {
  readonly name: string;
  readonly results: Readonly<Partial<Record<ToolName, Measurement>>>;
}

const COLOURS: Readonly<Record<ToolName, string>> = { tercet: '#2b6cb0', uv: '#b83280', poetry: '#a0aec0' };
const TOOLS: readonly ToolName[] = ['tercet', 'uv', 'poetry'];

/** Times, ratios and peak memory as lines of text. */
export function table(rows: readonly Row[]): string {
  const head = ['', 'tercet', 'uv', 'poetry', 'tercet / uv', 'poetry / tercet', 'MiB tercet', 'MiB uv', 'MiB poetry'];
  const body = rows.map(({ name, results }) => [
    name,
    ...TOOLS.map((tool) => duration(results[tool]?.milliseconds)),
    ratio(results.tercet, results.uv),
    ratio(results.poetry, results.tercet),
    ...TOOLS.map((tool) => (results[tool] ? results[tool].mebibytes.toFixed(0) : '-')),
  ]);
  const widths = head.map((word, column) => Math.max(word.length, ...body.map((cells) => cells[column]?.length ?? 0)));
  return [head, ...body]
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** The same as an SVG picture: a bar for each tool, lengths on a logarithmic scale from 1 ms. */
export function picture(rows: readonly Row[], title: string): string {
  const barHeight = 12;
  const rowHeight = TOOLS.length * (barHeight + 2) + 14;
  const left = 170;
  const width = 860;
  const longest = Math.max(...rows.flatMap(({ results }) => TOOLS.map((tool) => results[tool]?.milliseconds ?? 1)));
  const scale = (width - left - 90) / Math.log10(Math.max(longest, 10));
  const parts = rows.flatMap(({ name, results }, index) => {
    const top = 60 + index * rowHeight;
    const bars = TOOLS.flatMap((tool, place) => {
      const measured = results[tool];
      if (!measured) return [];
      const y = top + place * (barHeight + 2);
      const length = Math.max(2, Math.log10(Math.max(measured.milliseconds, 1)) * scale);
      return [
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${COLOURS[tool]}"/>`,
        `<text x="${(left + length + 6).toFixed(1)}" y="${y + 10}">${tool} ${duration(measured.milliseconds)}</text>`,
      ];
    });
    return [
      `<text x="${left - 10}" y="${top + rowHeight / 2 - 6}" text-anchor="end" font-weight="bold">${name}</text>`,
      ...bars,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${70 + rows.length * rowHeight}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="20" y="28" font-size="16">${title}</text>`,
    '<text x="20" y="46" fill="#555">bars on a logarithmic scale: each further step to the right is ten times as long</text>',
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-';
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function ratio(above: Measurement | undefined, below: Measurement | undefined): string {
  return above && below ? (above.milliseconds / below.milliseconds).toFixed(2) : '-';
}

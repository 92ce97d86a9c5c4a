/**
 * How locking grows with the number of packages: synthetic universes of 50, 200, 800 and 3,000 packages, without conflict and with much of
 * it, cold and warm, beside uv.
 *
 *     npm run bench:scale -- [--python PATH] [--sizes 50,200] [--conflict 0]
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RECALL_BUCKET } from '../src/app/recall.ts';
import { bucketFolder } from '../src/cache/bucket.ts';
import { bestOf, type Measurement, measure } from './measure.ts';
import { writeProject } from './project.ts';
import { bringTools, command, type ToolName } from './tools.ts';
import { nameOf, serve, universe, WANTED } from './universe.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    sizes: { type: 'string', default: '50,200,800,3000' },
    conflict: { type: 'string', multiple: true },
  },
});
const python = Bun.which(options.python) ?? options.python;
const TOOLS: readonly ToolName[] = ['tercet', 'uv'];
const KINDS = [
  { name: 'no conflict', conflict: 0 },
  { name: 'much conflict', conflict: 0.2 },
].filter(({ conflict }) => options.conflict?.includes(String(conflict)) ?? true);

interface Point {
  readonly packages: number;
  readonly cold: Measurement;
  readonly warm: Measurement;
}

bringTools(python);
const scratch = mkdtempSync(join(tmpdir(), 'tercet-scale-'));
const curves = new Map<string, Point[]>();
try {
  for (const { name, conflict } of KINDS) {
    for (const packages of options.sizes.split(',').map(Number)) {
      const server = serve(universe({ packages, conflict }));
      try {
        for (const tool of TOOLS) {
          const point = await measured(tool, packages, server.url);
          const curve = `${tool}, ${name}`;
          curves.set(curve, [...(curves.get(curve) ?? []), point]);
          console.log(
            `${curve.padEnd(24)} ${String(packages).padStart(5)} packages: cold ${seconds(point.cold)}, warm ${seconds(point.warm)}, ` +
              `${(point.warm.milliseconds / packages).toFixed(2)} ms a package, ${point.warm.mebibytes.toFixed(0)} MiB`,
          );
        }
      } finally {
        server.stop();
      }
    }
  }
  writeFileSync(join(import.meta.dir, 'scale.svg'), picture());
  console.log('picture: bench/scale.svg');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function measured(tool: ToolName, packages: number, index: string): Promise<Point> {
  const folder = join(scratch, `${tool}-${packages}`);
  const source = join(folder, 'source');
  mkdirSync(source, { recursive: true });
  const wanted = Array.from({ length: Math.min(WANTED, packages) }, (_, at) => `  "${nameOf(at)}",\n`).join('');
  const text =
    `[project]\nname = "scale"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = [\n${wanted}]\n\n` +
    '[tool.poetry]\npackage-mode = false\n';
  writeFileSync(join(source, 'pyproject.toml'), text);
  const project = join(folder, 'project');
  writeProject(source, tool, project);
  const cache = join(folder, 'cache');
  const lock = command(tool, 'lock', { project, cache, index, python });
  const lockAnew = (): Promise<Measurement> => {
    rmSync(join(project, tool === 'uv' ? 'uv.lock' : 'poetry.lock'), { force: true });
    // What tercet found before is forgotten, for uv searches each time.
    rmSync(bucketFolder({ root: cache, ...RECALL_BUCKET }), { recursive: true, force: true });
    return measure(lock, python, join(folder, 'output'));
  };
  const cold = await lockAnew();
  const again: Measurement[] = [];
  for (let round = 0; round < 4; round++) again.push(await lockAnew());
  const warm = bestOf(again);
  rmSync(folder, { recursive: true, force: true });
  return { packages, cold, warm };
}

function seconds({ milliseconds }: Measurement): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Warm times on logarithmic axes: a straight line of slope 1 is time in proportion to packages. */
function picture(): string {
  const points = [...curves.values()].flat();
  const [left, top, width, height] = [70, 50, 620, 380];
  const reach = (values: readonly number[]) =>
    [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))] as const;
  const [fromX, toX] = reach(points.map(({ packages }) => packages));
  const [fromY, toY] = reach(points.map(({ warm }) => warm.milliseconds));
  const x = (packages: number) => left + ((Math.log10(packages) - fromX) / (toX - fromX || 1)) * width;
  const y = (ms: number) => top + height - ((Math.log10(ms) - fromY) / (toY - fromY || 1)) * height;
  const colours = ['#2b6cb0', '#b83280', '#63b3ed', '#f687b3'];
  const lines = [...curves].map(([name, of], place) => {
    const path = of
      .map(({ packages, warm }) => `${x(packages).toFixed(1)},${y(warm.milliseconds).toFixed(1)}`)
      .join(' ');
    const labels = of
      .map(
        ({ packages, warm }) =>
          `<circle cx="${x(packages).toFixed(1)}" cy="${y(warm.milliseconds).toFixed(1)}" r="3" fill="${colours[place]}"/>` +
          `<text x="${(x(packages) + 5).toFixed(1)}" y="${(y(warm.milliseconds) - 5).toFixed(1)}" font-size="10">${seconds(warm)}</text>`,
      )
      .join('');
    const key = `<text x="${left + 10}" y="${top + 12 + place * 16}" fill="${colours[place]}">${name}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${colours[place]}" stroke-width="2"/>${labels}${key}`;
  });
  const ticks = [...new Set(points.map(({ packages }) => packages))]
    .map(
      (packages) =>
        `<text x="${x(packages).toFixed(1)}" y="${top + height + 22}" text-anchor="middle">${packages}</text>`,
    )
    .join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 490" font-family="sans-serif" font-size="12">` +
    `<title>warm lock: time by packages</title><rect width="100%" height="100%" fill="white"/><text x="${left}" y="28" font-size="15">warm lock: time by packages</text>` +
    `<path d="M${left} ${top}V${top + height}H${left + width}" fill="none" stroke="#718096"/>${ticks}${lines.join('')}</svg>\n`
  );
}

/**
 * The point at which requirements contradict each other: the one project that several others want in versions that exclude each
 * other, each with the way on which the project's own requirements lead there. See docs/resolver.md, "Explanations".
 */

import type { ProjectName } from '../names/name.ts';
import { compareVersions, type Version } from '../versions/version.ts';
import {
  allows,
  allowsAny,
  formatRange,
  intersect,
  isAnyRange,
  stretchesOf,
  unionOf,
  type VersionRange,
} from '../versions/version-range.ts';
import type { Incompatibility } from './pubgrub/incompatibility.ts';
import type { Release } from './question.ts';
import { constraintText } from './universal/dependency.ts';

/** What releases of one project require of another. */
interface Edge {
  readonly by: ProjectName;
  readonly required: ProjectName;
  /** The releases that were looked at, each with the range it allows. */
  readonly demands: Demand[];
}

interface Demand {
  readonly version: Version | undefined;
  readonly range: VersionRange;
  readonly text: string;
}

/** How many ways to the point of conflict are shown. */
const MOST_CHAINS = 4;
/** How many ranges of one project's releases are shown. */
const MOST_RANGES = 2;

/** What cannot be had together, in lines; none where the facts do not meet in one project. */
export function conflictText(
  facts: readonly Incompatibility[],
  releases: ReadonlyMap<ProjectName, readonly Release[]>,
): readonly string[] {
  const graph = new Graph(facts);
  const point = graph.points().find(({ required, edges }) => excludeEachOther(edges, releases.get(required) ?? []));
  if (point !== undefined)
    return [`No release of ${point.required} meets all requirements:`, ...chainsOf(graph, point)];
  const [nearest] = graph.points();
  return nearest === undefined ? [] : ['These requirements do not go together:', ...chainsOf(graph, nearest)];
}

/** How the project comes to require another, in one line; undefined where it does not. */
export function chainTo(facts: readonly Incompatibility[], required: ProjectName): string | undefined {
  const graph = new Graph(facts);
  const [edge] = graph.edgesTo(required);
  return edge === undefined ? undefined : graph.chain(edge);
}

interface Point {
  readonly required: ProjectName;
  readonly edges: readonly Edge[];
}

function chainsOf(graph: Graph, { edges }: Point): readonly string[] {
  const chains = [...new Set(edges.map((edge) => graph.chain(edge)))];
  const more = chains.length > MOST_CHAINS ? [`  - and ${chains.length - MOST_CHAINS} more`] : [];
  return [...chains.slice(0, MOST_CHAINS).map((chain) => `  - ${chain}`), ...more];
}

/** True where no release, not only no version, is in what each of the requirers allows. */
function excludeEachOther(edges: readonly Edge[], releases: readonly Release[]): boolean {
  const common = edges.map(allowed).reduce(intersect);
  if (stretchesOf(common).length === 0) return true;
  return releases.length > 0 && !releases.some(({ version, yanked }) => !yanked && allows(common, version));
}

function allowed({ demands }: Edge): VersionRange {
  return unionOf(demands.map(({ range }) => range));
}

class Graph {
  readonly #edges = new Map<string, Edge>();
  #root: ProjectName | undefined;

  constructor(facts: readonly Incompatibility[]) {
    for (const { cause, terms } of facts) {
      const [by, required] = terms;
      if (cause.kind !== 'requirement' || by === undefined || required === undefined) continue;
      const { name } = required.dependency;
      if (by.dependency.name === name) continue;
      if (by.dependency.isRoot) this.#root = by.dependency.name;
      const key = `${by.dependency.name} ${name}`;
      const edge = this.#edges.get(key) ?? { by: by.dependency.name, required: name, demands: [] };
      this.#edges.set(key, edge);
      const { constraint } = by.dependency;
      edge.demands.push({
        version: constraint.kind === 'version' ? constraint.version : undefined,
        range: required.dependency.constraint,
        text: required.dependency.isRoot ? '*' : constraintText(required.dependency),
      });
    }
  }

  edgesTo(name: ProjectName): readonly Edge[] {
    return [...this.#edges.values()].filter(({ required, by }) => required === name && this.#path(by) !== undefined);
  }

  /** Projects that two or more others require, those nearest to the project first. */
  points(): readonly Point[] {
    const names = [...new Set(Array.from(this.#edges.values(), ({ required }) => required))];
    const points = names.map((required) => ({ required, edges: this.edgesTo(required) }));
    const length = ({ edges }: Point): number =>
      edges.reduce((sum, { by }) => sum + (this.#path(by)?.length ?? 0), 0) / edges.length;
    return points.filter(({ edges }) => edges.length > 1).sort((a, b) => length(a) - length(b));
  }

  /** `a (>=1) requires b (<2), which requires c (<3)` */
  chain(last: Edge): string {
    const steps = [...(this.#path(last.by) ?? []), last];
    const [first, ...others] = steps;
    if (first === undefined) return '';
    if (others.length === 0) return `${first.by} requires ${wished(first)}`;
    return others.reduce(
      (text, step, index) => `${text}${index === 0 ? '' : ', which'} requires ${wished(step)}`,
      wished(first),
    );
  }

  /** The shortest way from the project to what requires; empty for the project itself. */
  #path(to: ProjectName): readonly Edge[] | undefined {
    if (this.#root === undefined) return undefined;
    const ways = new Map<ProjectName, readonly Edge[]>([[this.#root, []]]);
    for (const [name, way] of ways) {
      if (name === to) return way;
      for (const edge of this.#edges.values()) {
        if (edge.by === name && !ways.has(edge.required)) ways.set(edge.required, [...way, edge]);
      }
    }
    return undefined;
  }
}

/** `b (>=2)`; several ranges for several releases, the newest first. */
function wished(edge: Edge): string {
  const { required, demands } = edge;
  const sorted = demands.toSorted((a, b) =>
    a.version === undefined || b.version === undefined ? 0 : compareVersions(b.version, a.version),
  );
  const texts = [...new Set(sorted.map(({ text }) => text))];
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return only === '*' ? required : `${required} (${only})`;
  const whole = allowed(edge);
  if (isAnyRange(whole)) return required;
  if (stretchesOf(whole).length === 1 && contiguous(sorted)) return `${required} (${formatRange(whole)})`;
  const more = texts.length > MOST_RANGES ? ` or …, depending on its version` : '';
  return `${required} (${texts.slice(0, MOST_RANGES).join(' or ')}${more})`;
}

/** True where the union of the ranges says no more than they do: each overlaps the next. */
function contiguous(demands: readonly Demand[]): boolean {
  return demands.every(
    (demand, index) => index === 0 || allowsAny(demands[index - 1]?.range ?? demand.range, demand.range),
  );
}

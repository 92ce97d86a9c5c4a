/**
 * From decided packages to what a lock says of each: for which groups it is needed, and under which condition.
 * See docs/resolver.md, "Groups and markers".
 */

import {
  emptyMarker,
  intersectMarkers,
  type Marker,
  parseMarker,
  sameMarker,
  unionMarkers,
  withoutExtras,
} from '../../markers/marker.ts';
import type { GroupName } from '../../names/name.ts';
import { sameVersion } from '../../versions/version.ts';
import { type Dependency, sameDependency } from './dependency.ts';
import { type Package, satisfies } from './package.ts';
import { type Root, rootRequirements } from './root.ts';

/** A package of the result and what the walk found out about it. */
export interface Placed {
  readonly pack: Package;
  /** The longest way from the project; 0 for what the project itself requires. */
  readonly depth: number;
  readonly groups: ReadonlySet<GroupName>;
  readonly markers: ReadonlyMap<GroupName, Marker>;
  /** True where only the project's extras need it. */
  readonly optional: boolean;
}

/** Places the packages that the project reaches; packages with extras are joined to their base packages. */
export function placed(root: Root, packages: readonly Package[]): readonly Placed[] {
  const graph = walked(root, packages);
  const spots = spotsOf(graph);
  assignMarkers(spots, graph.edges);
  for (const pack of packages) {
    if (pack.extras.length > 0) addToBase(pack, packages);
  }
  const found: Placed[] = [];
  for (const pack of packages) {
    const spot = spots.get(pack);
    if (spot === undefined || pack.extras.length > 0) continue;
    const { depth, groups, markers, optional } = spot;
    found.push({ pack, depth, groups, markers, optional });
  }
  return found;
}

/** A package as reached through one of the project's requirements, whose groups and optionality it inherits. */
interface Node {
  readonly pack: Package;
  readonly groups: readonly GroupName[];
  readonly optional: boolean;
  readonly parents: Node[];
  depth: number;
}

/** Groups of the project's requirement that a way started with → when it leads from parent to child. */
type WaysByGroups = Map<string, { readonly groups: readonly GroupName[]; marker: Marker }>;
/** Child → parent → ways. */
type Edges = Map<Package, Map<Package, WaysByGroups>>;

interface Graph {
  /** Parents before children, as far as there are no cycles. */
  readonly nodes: readonly Node[];
  readonly edges: Edges;
}

function walked(root: Root, packages: readonly Package[]): Graph {
  const byName = new Map(packages.map((pack) => [pack.completeName, pack]));
  const edges: Edges = new Map();
  const nodes = new Map<string, Node>();
  const finished: Node[] = [];
  visit(nodeOf(root.pack, [], true), rootRequirements(root));
  return { nodes: finished.reverse(), edges };

  function nodeOf(pack: Package, groups: readonly GroupName[], optional: boolean): Node {
    return { pack, groups, optional, parents: [], depth: -1 };
  }

  function visit(node: Node, requirements: readonly Dependency[]): void {
    for (const dependency of requirements) {
      const pack = byName.get(dependency.completeName);
      if (pack === undefined || !satisfies(pack, dependency)) continue;
      const { isRoot } = node.pack;
      const groups = isRoot ? dependency.groups : node.groups;
      const optional = isRoot ? dependency.optional : node.optional;
      addWay(edges, { child: pack, parent: node.pack, groups, marker: edgeMarker(dependency, isRoot) });
      const key = `${pack.completeName}\n${groups.join(',')}\n${optional}`;
      let child = nodes.get(key);
      if (child === undefined) {
        child = nodeOf(pack, groups, optional);
        nodes.set(key, child);
        child.parents.push(node);
        visit(child, pack.requires);
      } else {
        child.parents.push(node);
      }
    }
    finished.push(node);
  }
}

function edgeMarker(dependency: Dependency, isRoot: boolean): Marker {
  if (!isRoot) return withoutExtras(dependency.marker);
  if (dependency.inExtras.length === 0) return dependency.marker;
  const text = dependency.inExtras.map((extra) => `extra == "${extra}"`).join(' or ');
  return intersectMarkers(dependency.marker, parseMarker(text));
}

function addWay(
  edges: Edges,
  way: {
    readonly child: Package;
    readonly parent: Package;
    readonly groups: readonly GroupName[];
    readonly marker: Marker;
  },
): void {
  const { child, parent, groups, marker } = way;
  const parents = entry(edges, child, () => new Map<Package, WaysByGroups>());
  const ways = entry(parents, parent, (): WaysByGroups => new Map());
  const known = ways.get(groups.join(','));
  if (known === undefined) ways.set(groups.join(','), { groups, marker });
  else known.marker = unionMarkers(known.marker, marker);
}

/** What is found out about a package while its markers are put together. */
interface Spot {
  readonly depth: number;
  readonly groups: ReadonlySet<GroupName>;
  readonly optional: boolean;
  markers: ReadonlyMap<GroupName, Marker>;
}

function spotsOf({ nodes }: Graph): ReadonlyMap<Package, Spot> {
  for (const node of nodes) node.depth = depthBelow(node);
  const nodesByPackage = new Map<Package, Node[]>();
  for (const node of nodes) entry(nodesByPackage, node.pack, (): Node[] => []).push(node);
  const spots = new Map<Package, Spot>();
  for (const [pack, same] of nodesByPackage) {
    spots.set(pack, {
      depth: Math.max(...same.map(({ depth }) => depth)),
      groups: new Set(same.flatMap(({ groups }) => groups)),
      optional: same.every(({ optional }) => optional),
      markers: new Map(),
    });
  }
  return spots;
}

/** One more than the deepest parent; a package and its variants with extras are on one level. */
function depthBelow({ pack, parents }: Node): number {
  let deepest = -2;
  for (const parent of parents) {
    deepest = Math.max(deepest, parent.pack.name === pack.name ? parent.depth - 1 : parent.depth);
  }
  return deepest + 1;
}

/**
 * Gives each package its marker per group, parents before children. In a cycle a parent has none yet: then all is
 * done once more with what is known by then.
 */
function assignMarkers(spots: ReadonlyMap<Package, Spot>, edges: Edges): void {
  const byDepth = new Map<number, (readonly [Package, Spot])[]>();
  for (const [pack, spot] of spots)
    entry(byDepth, spot.depth, (): (readonly [Package, Spot])[] => []).push([pack, spot]);
  const depths = [...byDepth.keys()].filter((depth) => depth >= 0).sort((a, b) => a - b);
  for (let isComplete = false; !isComplete; ) {
    isComplete = true;
    for (const depth of depths) {
      for (const [pack, spot] of byDepth.get(depth) ?? []) {
        const result = markersOf(spot, { parents: edges.get(pack) ?? new Map(), spots });
        spot.markers = result.markers;
        isComplete &&= result.isComplete;
      }
    }
  }
}

function markersOf(
  spot: Spot,
  {
    parents,
    spots,
  }: { readonly parents: ReadonlyMap<Package, WaysByGroups>; readonly spots: ReadonlyMap<Package, Spot> },
): { readonly markers: ReadonlyMap<GroupName, Marker>; readonly isComplete: boolean } {
  const markers = new Map<GroupName, Marker>();
  for (const group of spot.groups) markers.set(group, emptyMarker);
  const add = (group: GroupName, marker: Marker): void => {
    markers.set(group, unionMarkers(markers.get(group) ?? emptyMarker, marker));
  };
  let isComplete = true;
  for (const [parent, ways] of parents) {
    if (parent.isRoot) {
      for (const { groups, marker } of ways.values()) {
        for (const group of groups) {
          if (spot.groups.has(group)) add(group, marker);
        }
      }
      continue;
    }
    const above = spots.get(parent);
    if (above === undefined || above.markers.size < above.groups.size) {
      isComplete = false;
      continue;
    }
    for (const [group, marker] of above.markers) {
      for (const way of ways.values()) add(group, intersectMarkers(marker, way.marker));
    }
  }
  return { markers, isComplete };
}

/** Hands the requirements that extras add to the base package, which is the one a lock shows. */
function addToBase(featured: Package, packages: readonly Package[]): void {
  const base = packages.find(
    ({ name, extras, version }) =>
      extras.length === 0 && name === featured.name && sameVersion(version, featured.version),
  );
  if (base === undefined) return;
  for (const dependency of featured.requires) {
    if (dependency.name === base.name) continue;
    const isKnown = base.requires.some(
      (known) => sameDependency(known, dependency) && sameMarker(known.marker, dependency.marker),
    );
    if (!isKnown) base.requires.push(dependency);
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

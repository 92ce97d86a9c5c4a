/**
 * The script of the graph's page. Packages stand on a circle in the order of a tree (each below the one that leads to it on the shortest way from
 * the project); lines between them follow that tree, so that they run together (hierarchical edge bundling, D. Holten 2006).
 * It is the browser's language, in a text: no template literals in it.
 */

export const GRAPH_SCRIPT = String.raw`
'use strict';
(function () {
const data = JSON.parse(document.getElementById('data').textContent);
const all = data.packages;
const byId = function (id) { return document.getElementById(id); };
const SVG = 'http://www.w3.org/2000/svg';
const PALETTE = ['#3a6fb0', '#c8553d', '#3f8f5f', '#8a5fb5', '#c29322', '#2f9aa0', '#b5527f', '#6b7a3a', '#7c6a5a', '#5b6ee1'];
const OTHER = '#8b8f96';

all.forEach(function (one, at) {
  one.at = at;
  one.needs = one.requires.map(function (pair) { return pair[0]; });
  one.needed = [];
  one.family = family(one.license);
});
all.forEach(function (one) { one.needs.forEach(function (at) { if (at !== one.at) all[at].needed.push(one.at); }); });

const state = { colour: 'group', search: '', groups: new Set(), licenses: new Set(), reach: 'all', view: 'circle', chosen: -1, hover: -1, sort: 'name', down: false };

// --- words ------------------------------------------------------------------------------------------------------------

const repeated = new Set(all.map(function (one) { return one.name; }).filter(function (name, at, names) { return names.indexOf(name) !== at; }));
function labelOf(one) { return repeated.has(one.name) ? one.name + ' ' + one.version : one.name; }
function family(license) {
  if (!license) return 'Unknown';
  if (/AGPL/i.test(license)) return 'AGPL';
  if (/LGPL/i.test(license)) return 'LGPL';
  if (/GPL/i.test(license) && !/ OR /.test(license)) return 'GPL';
  if (/^MIT/i.test(license)) return 'MIT';
  if (/BSD/i.test(license)) return 'BSD';
  if (/Apache/i.test(license)) return 'Apache';
  if (/MPL/i.test(license)) return 'MPL';
  if (/PSF|Python/i.test(license)) return 'PSF';
  if (/ISC/i.test(license)) return 'ISC';
  return 'Other';
}
function bytes(size) {
  if (size === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB'];
  let at = 0;
  while (size >= 1000 && at < 3) { size /= 1000; at += 1; }
  return (size < 10 && at > 0 ? size.toFixed(1) : Math.round(size)) + ' ' + units[at];
}
function days(one) { return one.published === undefined ? undefined : Math.max(0, (data.now - one.published) / 864e5); }
function age(number) {
  if (number === undefined) return '–';
  if (number < 60) return plural(Math.round(number), 'day');
  if (number < 730) return plural(Math.round(number / 30.44), 'month');
  return plural(Math.round(number / 365.25), 'year');
}
function plural(count, noun) { return count + ' ' + noun + (count === 1 ? '' : 's'); }
function make(tag, attributes, content) {
  const node = document.createElement(tag);
  for (const key in attributes || {}) {
    if (key === 'on') node.addEventListener('click', attributes.on);
    else if (attributes[key] !== undefined) node.setAttribute(key, attributes[key]);
  }
  (Array.isArray(content) ? content : [content]).forEach(function (one) { if (one !== undefined) node.append(one); });
  return node;
}
function draw(tag, attributes, parent) {
  const node = document.createElementNS(SVG, tag);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  parent.append(node);
  return node;
}

// --- colours ----------------------------------------------------------------------------------------------------------

const families = counted(all.map(function (one) { return one.family; }));
const groupColours = new Map(data.groups.map(function (name, at) { return [name, PALETTE[at % PALETTE.length]]; }));
const familyColours = new Map(families.filter(function (pair) { return pair[0] !== 'Unknown'; }).map(function (pair, at) { return [pair[0], PALETTE[at % PALETTE.length]]; }));
function counted(words) {
  const counts = new Map();
  words.forEach(function (word) { counts.set(word, (counts.get(word) || 0) + 1); });
  return Array.from(counts).sort(function (a, b) { return b[1] - a[1] || (a[0] < b[0] ? -1 : 1); });
}
function colourOf(one) {
  if (state.colour === 'license') return familyColours.get(one.family) || OTHER;
  if (state.colour === 'age') {
    const number = days(one);
    if (number === undefined) return OTHER;
    return ['#2f9e6e', '#8fae3c', '#d5a32c', '#d2762f', '#bb4430'][number < 90 ? 0 : number < 365 ? 1 : number < 730 ? 2 : number < 1825 ? 3 : 4];
  }
  const group = data.groups.find(function (name) { return one.groups.includes(name); });
  return groupColours.get(group) || OTHER;
}

// --- what is shown ----------------------------------------------------------------------------------------------------

function shown() {
  const near = state.reach === 'chosen' && state.chosen >= 0 ? around(state.chosen) : undefined;
  return all.filter(function (one) {
    if (state.groups.size > 0 && !one.groups.some(function (name) { return state.groups.has(name); })) return false;
    if (state.licenses.size > 0 && !state.licenses.has(one.family)) return false;
    if (state.reach === 'direct' && one.direct.length === 0) return false;
    return near === undefined || near.has(one.at);
  });
}
function around(at) {
  const found = new Set([at]);
  [['needs', at], ['needed', at]].forEach(function (pair) {
    const rest = [pair[1]];
    while (rest.length > 0) all[rest.pop()][pair[0]].forEach(function (next) { if (!found.has(next)) { found.add(next); rest.push(next); } });
  });
  return found;
}
function isFound(one) {
  if (state.search === '') return false;
  const text = (one.name + ' ' + one.description + ' ' + (one.license || '')).toLowerCase();
  return state.search.split(/\s+/).every(function (word) { return text.includes(word); });
}

/** For each package the one before it on the shortest way from the project; -1 for what the project requires itself. */
const before = (function () {
  const found = new Map();
  let level = all.filter(function (one) { return one.direct.length > 0; }).map(function (one) { return one.at; });
  if (level.length === 0) level = all.filter(function (one) { return one.needed.length === 0; }).map(function (one) { return one.at; });
  level.forEach(function (at) { found.set(at, -1); });
  while (level.length > 0) {
    const next = [];
    level.forEach(function (at) { all[at].needs.forEach(function (other) { if (!found.has(other)) { found.set(other, at); next.push(other); } }); });
    level = next;
  }
  all.forEach(function (one) { if (!found.has(one.at)) found.set(one.at, -1); });
  return found;
})();

/** Chains from what the project requires to a package: at most some, the shortest first. */
function ways(at, most) {
  const found = [];
  let level = [[at]];
  for (let depth = 0; level.length > 0 && found.length < most && depth < 12; depth += 1) {
    const next = [];
    level.forEach(function (path) {
      const first = all[path[0]];
      if (first.direct.length > 0) found.push(path);
      first.needed.forEach(function (other) { if (!path.includes(other) && next.length < 4000) next.push([other].concat(path)); });
    });
    level = next;
  }
  return found.slice(0, most);
}

// --- the circle -------------------------------------------------------------------------------------------------------

const svg = byId('circle');
let nodes = new Map();
let edges = [];
let camera = { x: 0, y: 0, scale: 1 };
let frame;

function layout(packages) {
  const inside = new Set(packages.map(function (one) { return one.at; }));
  const children = new Map();
  const up = new Map();
  packages.forEach(function (one) {
    let parent = before.get(one.at);
    while (parent !== -1 && !inside.has(parent)) parent = before.get(parent);
    up.set(one.at, parent);
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(one.at);
  });
  const weight = new Map();
  const weigh = function (at) {
    let sum = 1;
    (children.get(at) || []).forEach(function (child) { sum += weigh(child); });
    weight.set(at, sum);
    return sum;
  };
  (children.get(-1) || []).forEach(weigh);
  const order = function (a, b) {
    const rank = function (at) { return data.groups.findIndex(function (name) { return all[at].groups.includes(name); }); };
    return rank(a) - rank(b) || (all[a].name < all[b].name ? -1 : 1);
  };
  const turn = [];
  const place = function (at, depth) {
    turn.push({ at: at, depth: depth });
    (children.get(at) || []).sort(order).forEach(function (child) { place(child, depth + 1); });
  };
  const tops = (children.get(-1) || []).sort(order);
  const gaps = tops.length > 1 ? Math.min(0.6, 18 / tops.length) : 0;
  tops.forEach(function (at) { place(at, 1); turn.push(undefined); });
  let total = 0;
  turn.forEach(function (one) { total += one === undefined ? gaps : 1; });
  const radius = Math.max(190, Math.min(1600, total * 12.2 / (2 * Math.PI)));
  const deepest = Math.max.apply(null, turn.map(function (one) { return one === undefined ? 1 : one.depth; }).concat([1]));
  const spots = new Map();
  let passed = 0;
  turn.forEach(function (one) {
    if (one === undefined) { passed += gaps; return; }
    const angle = (passed + 0.5) / total * 2 * Math.PI - Math.PI / 2;
    passed += 1;
    spots.set(one.at, { angle: angle, x: Math.cos(angle) * radius, y: Math.sin(angle) * radius, depth: one.depth, up: up.get(one.at) });
  });
  // Inner points of the tree: at the middle of what is below them.
  const inner = function (at) {
    const spot = spots.get(at);
    const below = children.get(at) || [];
    let first = spot.angle;
    let last = spot.angle;
    below.forEach(function (child) { const range = inner(child); first = Math.min(first, range[0]); last = Math.max(last, range[1]); });
    const middle = (first + last) / 2;
    const far = radius * 0.86 * spot.depth / (deepest + 1);
    spot.ix = Math.cos(middle) * far;
    spot.iy = Math.sin(middle) * far;
    return [first, last];
  };
  tops.forEach(inner);
  return { spots: spots, radius: radius };
}

function wayBetween(a, b, spots, radius) {
  const up = function (at) { const list = []; while (at !== -1) { list.push(at); at = spots.get(at).up; } return list; };
  const left = up(a);
  const right = up(b);
  while (left.length > 1 && right.length > 1 && left[left.length - 1] === right[right.length - 1] && left[left.length - 2] === right[right.length - 2]) { left.pop(); right.pop(); }
  const meet = left[left.length - 1] === right[right.length - 1] ? [left.pop(), right.pop()][0] : -1;
  const points = [[spots.get(a).x, spots.get(a).y]];
  left.forEach(function (at) { points.push([spots.get(at).ix, spots.get(at).iy]); });
  points.push(meet === -1 ? [0, 0] : [spots.get(meet).ix, spots.get(meet).iy]);
  right.reverse().forEach(function (at) { points.push([spots.get(at).ix, spots.get(at).iy]); });
  points.push([spots.get(b).x, spots.get(b).y]);
  // Neighbours are joined near the rim, not by a hairpin through the middle.
  const turn = Math.abs(spots.get(a).angle - spots.get(b).angle);
  const near = Math.min(1, 0.12 + Math.min(turn, 2 * Math.PI - turn) / 0.8);
  const mid = Math.atan2(points[0][1] + points[points.length - 1][1], points[0][0] + points[points.length - 1][0]);
  const rim = [Math.cos(mid) * radius * 0.9, Math.sin(mid) * radius * 0.9];
  return curve(points.map(function (point, at) {
    if (at === 0 || at === points.length - 1) return point;
    return [rim[0] + (point[0] - rim[0]) * near, rim[1] + (point[1] - rim[1]) * near];
  }));
}

/** A uniform cubic B-spline through a polygon that is drawn a little straighter than it is. */
function curve(points) {
  const beta = 0.82;
  const last = points.length - 1;
  const first = points[0];
  const end = points[last];
  const p = points.map(function (point, at) {
    const t = at / last;
    return [beta * point[0] + (1 - beta) * (first[0] + t * (end[0] - first[0])), beta * point[1] + (1 - beta) * (first[1] + t * (end[1] - first[1]))];
  });
  const r = function (number) { return Math.round(number * 10) / 10; };
  const text = ['M', r(p[0][0]), r(p[0][1])];
  const q = [p[0]].concat(p, [p[last]]);
  for (let at = 1; at < q.length - 2; at += 1) {
    const a = q[at], b = q[at + 1], c = q[at + 2] || q[at + 1];
    text.push('C', r((2 * a[0] + b[0]) / 3), r((2 * a[1] + b[1]) / 3), r((a[0] + 2 * b[0]) / 3), r((a[1] + 2 * b[1]) / 3), r((a[0] + 4 * b[0] + c[0]) / 6), r((a[1] + 4 * b[1] + c[1]) / 6));
  }
  text.push('L', r(p[last][0]), r(p[last][1]));
  return text.join(' ');
}

function drawCircle() {
  const packages = shown();
  byId('empty').hidden = packages.length > 0;
  svg.textContent = '';
  nodes = new Map();
  edges = [];
  if (packages.length === 0) return;
  const placed = layout(packages);
  const spots = placed.spots;
  const radius = placed.radius;
  const world = draw('g', {}, svg);
  const lines = draw('g', {}, world);
  packages.forEach(function (one) {
    one.needs.forEach(function (at) {
      if (at === one.at || !spots.has(at)) return;
      edges.push({ from: one.at, to: at, node: draw('path', { class: 'edge', d: wayBetween(one.at, at, spots, radius) }, lines) });
    });
  });
  const name = draw('text', { class: 'project', y: 4, 'font-size': 15 }, world);
  name.textContent = data.project.name;
  const largest = Math.max.apply(null, packages.map(function (one) { return one.size || 1; }));
  const BAR = 34;
  packages.forEach(function (one) {
    const spot = spots.get(one.at);
    const degrees = spot.angle * 180 / Math.PI;
    const flip = Math.abs(degrees + 360) % 360 > 90 && (degrees + 360) % 360 < 270;
    const group = draw('g', { class: 'node' + (one.direct.length > 0 ? ' direct' : ''), transform: 'rotate(' + degrees + ') translate(' + radius + ',0)', 'data-at': one.at }, world);
    draw('rect', { class: 'hit', x: -4, y: -6, width: 200, height: 12 }, group);
    const length = one.size === undefined ? 0 : 2 + (BAR - 2) * Math.max(0, Math.log10(one.size / 3000)) / Math.max(1, Math.log10(largest / 3000));
    draw('rect', { class: 'bar', x: 7, y: -3, width: length, height: 6, rx: 2 }, group);
    draw('circle', { r: one.direct.length > 0 ? 4.4 : 3.2, fill: colourOf(one) }, group);
    const label = draw('text', { x: flip ? -(BAR + 14) : BAR + 14, 'font-size': 10.5, 'text-anchor': flip ? 'end' : 'start' }, group);
    if (flip) label.setAttribute('transform', 'rotate(180)');
    label.textContent = one.name;
    if (repeated.has(one.name)) {
      const version = document.createElementNS(SVG, 'tspan');
      version.textContent = ' ' + one.version;
      version.setAttribute('class', 'version');
      label.append(version);
    }
    nodes.set(one.at, group);
  });
  frame = { world: world, reach: radius + BAR + 16 + Math.max.apply(null, packages.map(function (one) { return labelOf(one).length; })) * 5.5 };
  camera = { x: 0, y: 0, scale: 1 };
  look();
  mark();
}

function look() {
  const box = svg.getBoundingClientRect();
  const width = box.width || 800;
  const height = box.height || 600;
  const side = 2 * frame.reach / camera.scale;
  const ratio = width / height;
  const w = ratio > 1 ? side * ratio : side;
  const h = ratio > 1 ? side : side / ratio;
  svg.setAttribute('viewBox', [camera.x - w / 2, camera.y - h / 2, w, h].join(' '));
}

/** Lights up the chosen package, or the one below the pointer, with all that it has to do with. */
function mark() {
  const at = state.hover >= 0 ? state.hover : state.chosen;
  const why = new Set();
  if (state.chosen >= 0 && at === state.chosen) {
    const path = ways(at, 1)[0] || [];
    path.forEach(function (one, index) { if (index > 0) why.add(path[index - 1] + '>' + one); });
  }
  const onWay = new Set();
  why.forEach(function (pair) { pair.split('>').forEach(function (one) { onWay.add(Number(one)); }); });
  svg.classList.toggle('busy', (at >= 0 && nodes.has(at)) || state.search !== '');
  edges.forEach(function (edge) {
    const isWhy = why.has(edge.from + '>' + edge.to);
    edge.node.setAttribute('class', 'edge' + (isWhy ? ' why' : edge.from === at ? ' needs' : edge.to === at ? ' needed' : ''));
    if (isWhy || edge.from === at || edge.to === at) edge.node.parentNode.append(edge.node);
  });
  nodes.forEach(function (node, key) {
    const one = all[key];
    const found = isFound(one);
    node.setAttribute('class', 'node' + (one.direct.length > 0 ? ' direct' : '') + (key === at ? ' chosen' : at >= 0 && all[at].needs.includes(key) ? ' needs' : at >= 0 && all[at].needed.includes(key) ? ' needed' : onWay.has(key) ? ' why' : '') + (found ? ' found why' : ''));
  });
}

svg.addEventListener('pointermove', function (event) {
  if (drag) {
    const box = svg.viewBox.baseVal;
    const factor = box.width / svg.getBoundingClientRect().width;
    camera.x = drag.x - (event.clientX - drag.left) * factor;
    camera.y = drag.y - (event.clientY - drag.top) * factor;
    drag.moved = drag.moved || Math.abs(event.clientX - drag.left) + Math.abs(event.clientY - drag.top) > 4;
    look();
    return;
  }
  const node = event.target.closest ? event.target.closest('.node') : null;
  const at = node ? Number(node.dataset.at) : -1;
  if (at !== state.hover) { state.hover = at; mark(); }
});
svg.addEventListener('pointerleave', function () { state.hover = -1; mark(); });
let drag;
svg.addEventListener('pointerdown', function (event) {
  if (!frame) return;
  drag = { left: event.clientX, top: event.clientY, x: camera.x, y: camera.y, moved: false, node: event.target.closest('.node') };
  svg.setPointerCapture(event.pointerId);
  svg.classList.add('dragging');
});
svg.addEventListener('pointerup', function () {
  svg.classList.remove('dragging');
  if (drag && !drag.moved) choose(drag.node ? Number(drag.node.dataset.at) : -1);
  drag = undefined;
});
svg.addEventListener('wheel', function (event) {
  event.preventDefault();
  if (!frame) return;
  const factor = Math.exp(-event.deltaY * 0.0014);
  const next = Math.min(14, Math.max(0.7, camera.scale * factor));
  const rect = svg.getBoundingClientRect();
  const box = svg.viewBox.baseVal;
  const x = box.x + (event.clientX - rect.left) / rect.width * box.width;
  const y = box.y + (event.clientY - rect.top) / rect.height * box.height;
  const change = camera.scale / next;
  camera = { x: x + (camera.x - x) * change, y: y + (camera.y - y) * change, scale: next };
  look();
}, { passive: false });
addEventListener('resize', function () { if (frame) look(); });
addEventListener('keydown', function (event) {
  if (event.key === 'Escape') { byId('search').value = ''; state.search = ''; choose(-1); }
  if (event.key === '/' && document.activeElement !== byId('search')) { event.preventDefault(); byId('search').focus(); }
});

// --- the list ---------------------------------------------------------------------------------------------------------

const COLUMNS = [
  ['name', 'Package', function (one) { return one.name; }],
  ['size', 'Size', function (one) { return one.size === undefined ? -1 : one.size; }],
  ['age', 'Age', function (one) { const number = days(one); return number === undefined ? -1 : number; }],
  ['license', 'Licence', function (one) { return one.license || '~'; }],
  ['groups', 'Groups', function (one) { return one.groups.join(', '); }],
  ['needs', 'Requires', function (one) { return one.needs.length; }],
  ['needed', 'Required by', function (one) { return one.needed.length; }],
];
const NUMBERS = new Set(['size', 'age', 'needs', 'needed']);

function drawList() {
  const packages = shown().filter(function (one) { return state.search === '' || isFound(one); });
  byId('empty').hidden = packages.length > 0;
  const column = COLUMNS.find(function (one) { return one[0] === state.sort; });
  packages.sort(function (a, b) {
    const left = column[2](a), right = column[2](b);
    return (left < right ? -1 : left > right ? 1 : 0) * (state.down ? -1 : 1) || (a.name < b.name ? -1 : 1);
  });
  const largest = Math.max.apply(null, packages.map(function (one) { return one.size || 1; }).concat([1]));
  const head = make('tr', {}, COLUMNS.map(function (one) {
    const arrow = state.sort === one[0] ? (state.down ? ' ↓' : ' ↑') : '';
    return make('th', { class: NUMBERS.has(one[0]) ? 'number' : undefined, 'aria-sort': state.sort !== one[0] ? undefined : state.down ? 'descending' : 'ascending' }, make('button', { on: function () {
      state.down = state.sort === one[0] ? !state.down : NUMBERS.has(one[0]);
      state.sort = one[0];
      drawList();
    } }, one[1] + arrow));
  }));
  const rows = packages.map(function (one) {
    return make('tr', { class: one.at === state.chosen ? 'chosen' : undefined, on: function () { choose(one.at); } }, [
      make('td', { title: one.description }, [dot(one), one.name, make('span', { class: 'version' }, one.version)]),
      make('td', { class: 'number' }, [bytes(one.size), make('span', { class: 'meter', style: 'width:' + Math.round(60 * (one.size || 0) / largest) + 'px' }), make('span', { style: 'display:inline-block;width:' + (60 - Math.round(60 * (one.size || 0) / largest)) + 'px' })]),
      make('td', { class: 'number' }, age(days(one))),
      make('td', { title: one.license }, one.license || '–'),
      make('td', {}, one.groups.join(', ')),
      make('td', { class: 'number' }, String(one.needs.length)),
      make('td', { class: 'number' }, String(one.needed.length)),
    ]);
  });
  byId('list').replaceChildren(make('table', {}, [make('thead', {}, head), make('tbody', {}, rows)]));
}
function dot(one) { return make('span', { class: 'dot', style: 'background:' + colourOf(one) }); }

// --- the panel --------------------------------------------------------------------------------------------------------

function choose(at) {
  state.chosen = at;
  if (at < 0 && state.reach === 'chosen') state.reach = 'all';
  drawDetail();
  drawFilters();
  if (state.view === 'list') drawList();
  else if (state.reach === 'chosen') drawCircle();
  else mark();
}
function link(at) { return make('button', { on: function () { choose(at); } }, labelOf(all[at])); }
function drawDetail() {
  const panel = byId('detail');
  const one = all[state.chosen];
  if (one === undefined) {
    panel.replaceChildren(
      make('h2', {}, 'How to read this'),
      make('p', { class: 'legend' }, 'Each package stands on the circle, in bold if the project asks for it itself. The grey bar is its size. Lines join packages that require each other.'),
      make('p', { class: 'legend' }, ['Point at one: what it ', make('b', { style: 'color:var(--needs)' }, 'requires'), ' and what it is ', make('b', { style: 'color:var(--needed)' }, 'required by'), ' light up. Click to keep it, and to see why it is there.']),
      make('p', { class: 'legend' }, 'Wheel to zoom, drag to move, / to search, Esc to let go.'),
      make('h2', {}, 'Largest'), top(function (item) { return item.size; }, bytes),
      make('h2', {}, 'Oldest'), top(days, age),
      make('h2', {}, 'Most required'), top(function (item) { return item.needed.length; }, function (count) { return 'by ' + count; }),
    );
    return;
  }
  const facts = [['Size', bytes(one.size)], ['Published', one.published === undefined ? '–' : age(days(one)) + ' ago, ' + new Date(one.published).toISOString().slice(0, 10)], ['Licence', one.license || 'not stated'], ['Groups', one.groups.join(', ') || '–'], ['Asked for in', one.direct.join(', ') || undefined], ['Source', one.source]];
  const paths = one.direct.length > 0 ? [] : ways(one.at, 6);
  panel.replaceChildren(
    make('h2', { class: 'name' }, one.name),
    make('p', { class: 'version' }, one.version),
    make('p', {}, one.description),
    make('dl', { class: 'facts' }, facts.filter(function (pair) { return pair[1] !== undefined; }).flatMap(function (pair) { return [make('dt', {}, pair[0]), make('dd', {}, pair[1])]; })),
    make('h2', {}, 'Why it is here'),
    make('div', { style: 'margin-bottom:18px' }, one.direct.length > 0 ? 'The project asks for it.' : paths.map(function (path) {
      return make('p', { class: 'path' }, path.flatMap(function (at, index) { return index === 0 ? [link(at)] : [make('i', {}, '→'), link(at)]; }));
    })),
    make('h2', {}, 'Requires (' + one.requires.length + ')'),
    make('ul', {}, one.requires.map(function (pair) { return make('li', {}, [link(pair[0]), make('small', { title: pair[1] }, pair[1])]); })),
    make('h2', {}, 'Required by (' + one.needed.length + ')'),
    make('ul', {}, one.needed.map(function (at) { const pair = all[at].requires.find(function (item) { return item[0] === one.at; }); return make('li', {}, [link(at), make('small', { title: pair[1] }, pair[1])]); })),
  );
}
function top(value, text) {
  const found = all.filter(function (one) { return value(one) !== undefined; }).sort(function (a, b) { return value(b) - value(a); }).slice(0, 6);
  return make('ol', {}, found.map(function (one) { return make('li', {}, [link(one.at), make('small', {}, text(value(one)))]); }));
}

// --- filters ----------------------------------------------------------------------------------------------------------

function drawFilters() {
  byId('colours').replaceChildren.apply(byId('colours'), [['group', 'Group'], ['license', 'Licence'], ['age', 'Age']].map(function (pair) {
    return make('button', { 'aria-pressed': String(state.colour === pair[0]), on: function () { state.colour = pair[0]; redraw(); } }, pair[1]);
  }));
  const reach = [['all', 'Everything', all.length], ['direct', 'Asked for by the project', all.filter(function (one) { return one.direct.length > 0; }).length]];
  if (state.chosen >= 0) reach.push(['chosen', 'Around ' + labelOf(all[state.chosen]), around(state.chosen).size]);
  byId('reach').replaceChildren.apply(byId('reach'), reach.map(function (item) { return choice('radio', item[1], item[2], state.reach === item[0], undefined, function () { state.reach = item[0]; }); }));
  boxes('groups', data.groups.map(function (name) { return [name, all.filter(function (one) { return one.groups.includes(name); }).length]; }).filter(function (pair) { return pair[1] > 0; }), state.groups, state.colour === 'group' ? groupColours : undefined);
  boxes('licenses', families, state.licenses, state.colour === 'license' ? familyColours : undefined);
  if (state.colour === 'age') {
    const steps = [['#2f9e6e', 'under 3 months'], ['#8fae3c', 'under a year'], ['#d5a32c', 'under 2 years'], ['#d2762f', 'under 5 years'], ['#bb4430', 'older']];
    byId('colours').after(make('div', { id: 'ages', style: 'margin-top:8px' }, steps.map(function (step) { return make('div', {}, [make('span', { class: 'dot', style: 'background:' + step[0] }), step[1]]); })));
  }
  const old = document.querySelectorAll('#ages');
  if (state.colour !== 'age') old.forEach(function (one) { one.remove(); });
  else Array.from(old).slice(1).forEach(function (one) { one.remove(); });
}
function boxes(id, pairs, chosen, colours) {
  byId(id).replaceChildren.apply(byId(id), pairs.map(function (pair) {
    return choice('checkbox', pair[0], pair[1], chosen.has(pair[0]), colours && (colours.get(pair[0]) || OTHER), function (on) { if (on) chosen.add(pair[0]); else chosen.delete(pair[0]); });
  }));
}
function choice(type, text, count, checked, colour, change) {
  const input = make('input', { type: type });
  input.checked = checked;
  input.addEventListener('change', function () { change(input.checked); redraw(); });
  return make('label', {}, [input, colour && make('i', { class: 'swatch', style: 'background:' + colour }), make('span', { title: text }, text), make('small', {}, String(count))]);
}
function redraw() {
  drawFilters();
  const isList = state.view === 'list';
  byId('list').hidden = !isList;
  svg.style.display = isList ? 'none' : 'block';
  byId('view-circle').setAttribute('aria-pressed', String(!isList));
  byId('view-list').setAttribute('aria-pressed', String(isList));
  if (isList) drawList(); else drawCircle();
}
byId('reset').addEventListener('click', function () {
  state.groups.clear(); state.licenses.clear(); state.reach = 'all'; state.search = ''; byId('search').value = '';
  choose(-1); redraw();
});
byId('search').addEventListener('input', function () {
  state.search = byId('search').value.trim().toLowerCase();
  const found = all.filter(isFound);
  if (found.length === 1) choose(found[0].at); else if (state.view === 'list') drawList(); else mark();
});
byId('view-circle').addEventListener('click', function () { state.view = 'circle'; redraw(); });
byId('view-list').addEventListener('click', function () { state.view = 'list'; redraw(); });

// --- figures ----------------------------------------------------------------------------------------------------------

const known = all.filter(function (one) { return one.size !== undefined; });
const ages = all.map(days).filter(function (one) { return one !== undefined; }).sort(function (a, b) { return a - b; });
[['packages', String(all.length)], ['asked for', String(all.filter(function (one) { return one.direct.length > 0; }).length)], ['to download', known.length === 0 ? '–' : bytes(known.reduce(function (sum, one) { return sum + one.size; }, 0))], ['median age', age(ages[Math.floor(ages.length / 2)])], ['licences', String(new Set(all.map(function (one) { return one.license; }).filter(Boolean)).size)]].forEach(function (pair) {
  byId('figures').append(make('div', {}, [make('dt', {}, pair[0]), make('dd', {}, pair[1])]));
});
const wanted = decodeURIComponent(location.hash.slice(1));
const start = all.findIndex(function (one) { return one.name === wanted; });
redraw();
choose(start);
document.documentElement.dataset.ready = 'true';
})();
`;

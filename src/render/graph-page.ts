/** The page that draws a graph of packages: one HTML document with its style, its script and its data in it. */

import type { PackageGraph } from '../app/graph.ts';
import { GRAPH_SCRIPT } from './graph-script.ts';
import { GRAPH_STYLE } from './graph-style.ts';

/** @param now milliseconds since 1970: what ages are counted from */
export function graphPage(graph: PackageGraph, now: number): string {
  const { name, version } = graph.project;
  const title = escapeHtml(version === undefined ? name : `${name} ${version}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}: packages</title>
<style>${GRAPH_STYLE}</style>
</head>
<body>
<header>
  <h1>${title}</h1>
  <dl id="figures"></dl>
  <label class="search"><span>Search</span><input id="search" type="search" placeholder="Name or words" autocomplete="off" spellcheck="false"></label>
  <div class="views" role="group" aria-label="View"><button id="view-circle" aria-pressed="true">Circle</button><button id="view-list" aria-pressed="false">List</button></div>
</header>
<main>
  <aside id="filters" aria-label="Filters">
    <section><h2>Colour</h2><div id="colours" class="choice" role="group" aria-label="Colour"></div></section>
    <section><h2>Show</h2><div id="reach"></div></section>
    <section><h2>Groups</h2><div id="groups"></div></section>
    <section><h2>Licences</h2><div id="licenses"></div></section>
    <button id="reset">Show everything</button>
  </aside>
  <div id="stage"><svg id="circle" role="img" aria-label="Packages on a circle, lines between those that require each other"></svg><div id="list" hidden></div><div id="empty" hidden>Nothing meets these filters.</div></div>
  <aside id="detail" aria-live="polite"></aside>
</main>
<script type="application/json" id="data">${embedded({ ...graph, now })}</script>
<script>${GRAPH_SCRIPT}</script>
</body>
</html>
`;
}

/** JSON that cannot end the script element it stands in. */
function embedded(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

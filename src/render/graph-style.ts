/** The style sheet of the graph's page: light or dark, as the reader's system is. */

export const GRAPH_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --panel: #ffffff; --line: #e4e1d9; --ink: #23262b; --soft: #6d7178; --faint: #b9bbbd;
  --edge: #8d97a8; --needs: #2463c4; --needed: #c65a11; --bar: #d9d5ca; --mark: #fff1c9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --panel: #1b1e24; --line: #2c3038; --ink: #e6e7ea; --soft: #9aa0aa; --faint: #555b66;
    --edge: #66718a; --needs: #7db1ff; --needed: #ffa25e; --bar: #363b45; --mark: #4a3d13;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header { display: flex; align-items: center; gap: 28px; padding: 12px 20px; background: var(--panel); border-bottom: 1px solid var(--line); flex-wrap: wrap; }
h1 { font-size: 17px; font-weight: 650; margin: 0; letter-spacing: -.01em; }
dl { display: flex; gap: 24px; margin: 0; flex: 1; flex-wrap: wrap; }
dl div { display: flex; flex-direction: column-reverse; }
dt { font-size: 11px; color: var(--soft); }
dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.search span { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
input[type=search] { font: inherit; width: 220px; padding: 6px 10px; border: 1px solid var(--line); border-radius: 7px; background: var(--paper); color: inherit; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 7px; padding: 5px 11px; cursor: pointer; }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--needs); outline-offset: 1px; }
.views, .choice { display: flex; }
.views button, .choice button { border-radius: 0; margin-left: -1px; }
.views button:first-child, .choice button:first-child { border-radius: 7px 0 0 7px; margin-left: 0; }
.views button:last-child, .choice button:last-child { border-radius: 0 7px 7px 0; }
[aria-pressed=true] { background: var(--ink); color: var(--panel); border-color: var(--ink); }
.choice button { flex: 1; padding: 4px 6px; font-size: 12px; }
main { flex: 1; min-height: 0; display: grid; grid-template-columns: 216px minmax(0, 1fr) 318px; }
aside { overflow: auto; padding: 16px 18px; background: var(--panel); }
#filters { border-right: 1px solid var(--line); }
#detail { border-left: 1px solid var(--line); }
section { margin-bottom: 20px; }
h2 { font-size: 11px; font-weight: 600; color: var(--soft); margin: 0 0 6px; text-transform: uppercase; letter-spacing: .06em; }
#filters label { display: flex; align-items: baseline; gap: 7px; padding: 2px 0; cursor: pointer; }
#filters label span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#filters label small { color: var(--soft); font-variant-numeric: tabular-nums; }
#filters input { margin: 0; accent-color: var(--ink); transform: translateY(1px); }
.swatch { width: 9px; height: 9px; border-radius: 50%; flex: none; display: inline-block; }
#reset { width: 100%; }
#stage { position: relative; min-width: 0; overflow: hidden; }
#circle { width: 100%; height: 100%; display: block; cursor: grab; user-select: none; touch-action: none; }
#circle.dragging { cursor: grabbing; }
#list { position: absolute; inset: 0; overflow: auto; }
#empty { position: absolute; inset: 0; display: grid; place-items: center; color: var(--soft); }
#empty[hidden], #list[hidden] { display: none; }
.edge { fill: none; stroke: var(--edge); stroke-opacity: .3; stroke-width: .8; }
.busy .edge { stroke-opacity: .05; }
.edge.needs, .edge.needed, .edge.why { stroke-opacity: .95; stroke-width: 1.5; }
.edge.needs { stroke: var(--needs); }
.edge.needed { stroke: var(--needed); }
.edge.why { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 5 3; }
.bar { fill: var(--bar); }
.node { cursor: pointer; }
.node text { fill: var(--ink); dominant-baseline: middle; }
.node.direct text { font-weight: 650; }
.node .version { fill: var(--soft); font-weight: 400; }
.node .hit { fill: transparent; }
.busy .node { opacity: .28; }
.busy .node.needs, .busy .node.needed, .busy .node.chosen, .busy .node.why { opacity: 1; }
.node.needs text { fill: var(--needs); }
.node.needed text { fill: var(--needed); }
.node.chosen text { font-weight: 750; fill: var(--ink); }
.node.found text { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 2px; }
.project { fill: var(--soft); text-anchor: middle; font-weight: 600; pointer-events: none; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { position: sticky; top: 0; background: var(--paper); text-align: left; font-size: 12px; color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); padding: 0; z-index: 1; }
th button { border: 0; padding: 9px 10px; width: 100%; text-align: inherit; border-radius: 0; white-space: nowrap; }
td { padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; max-width: 230px; overflow: hidden; text-overflow: ellipsis; }
.number { text-align: right; }
tr { cursor: pointer; }
tbody tr:hover td, tbody tr.chosen td { background: var(--mark); }
.meter { display: inline-block; height: 7px; border-radius: 3px; background: var(--needs); opacity: .55; vertical-align: middle; margin-left: 8px; }
td:first-child { font-weight: 600; }
td .version { font-weight: 400; color: var(--soft); margin-left: 6px; }
#detail h2.name { font-size: 19px; color: var(--ink); text-transform: none; letter-spacing: -.01em; margin: 0; overflow-wrap: anywhere; }
#detail .version { color: var(--soft); margin: 0 0 10px; }
#detail p { margin: 0 0 14px; }
#detail .facts { display: grid; grid-template-columns: auto 1fr; gap: 3px 14px; margin: 0 0 18px; }
#detail .facts dt { font-size: 13px; } #detail .facts dd { font-weight: 500; overflow-wrap: anywhere; }
#detail ul, #detail ol { list-style: none; margin: 0 0 18px; padding: 0; }
#detail li { display: flex; gap: 8px; justify-content: space-between; padding: 1px 0; }
#detail li small { color: var(--soft); text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#detail li button, .path button { border: 0; padding: 0; text-align: left; color: inherit; overflow-wrap: anywhere; }
#detail li button:hover, .path button:hover { text-decoration: underline; }
.path { margin: 0 0 7px; line-height: 1.6; }
.path i { color: var(--faint); font-style: normal; padding: 0 5px; }
.dot { width: 10px; height: 10px; border-radius: 50%; display: inline-block; vertical-align: baseline; margin-right: 4px; }
.legend { color: var(--soft); }
.legend b { font-weight: 600; }
@media (max-width: 1000px) { main { grid-template-columns: 180px minmax(0, 1fr) 260px; } }
@media (max-width: 760px) { main { grid-template-columns: 1fr; grid-template-rows: minmax(320px, 60vh) auto auto; overflow: auto; } #stage { order: -1; } aside { border: 0 !important; } }
`;

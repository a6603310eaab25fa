/** How the page looks: light or dark as the reader's system is, and on paper. */
export const TIMELINE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --ink: #1c2024; --soft: #5d666f; --rule: #e1e3de; --raised: #f3f4f0;
  --bad: #b3261e; --bad-soft: #fdeceb; --event: #8a5a00; --event-soft: #fff4d9; --focus: #1b64c4;
  --t0: #2a78c2; --t1: #c2571a; --t2: #2e8b57; --t3: #8e4ec6;
  --t4: #b0337b; --t5: #0e8a94; --t6: #7d6b00; --t7: #5b6bd6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #e6e8ea; --soft: #98a2ab; --rule: #2b3035; --raised: #1d2125;
    --bad: #ff8a80; --bad-soft: #36201f; --event: #ffc861; --event-soft: #332913; --focus: #7ab7ff;
    --t0: #6db4f5; --t1: #f39a5f; --t2: #6fcf97; --t3: #c79bf2;
    --t4: #f08fc4; --t5: #5fd0d8; --t6: #d8c556; --t7: #9fabff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 28px 28px 60px; }
code, .line, .access, pre, .step-number { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
h1 { font-size: 21px; line-height: 1.35; margin: 6px 0 10px; font-weight: 600; max-width: 60em; }
h2 { font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 0 0 6px; font-weight: 600; }
.scenario { color: var(--soft); margin: 0; }
.kind { display: inline-block; background: var(--bad-soft); color: var(--bad); font-weight: 600; border-radius: 4px; padding: 1px 8px; margin-right: 8px; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 22px; list-style: none; padding: 0; margin: 0 0 18px; color: var(--soft); }
.facts b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(330px, 1fr)); gap: 12px; margin-bottom: 20px; }
.card { background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px; overflow-wrap: anywhere; }
.card ul { margin: 0; padding: 0; list-style: none; }
.card li + li { margin-top: 5px; }
.scroller { overflow-x: auto; border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px 4px; background: var(--raised); margin-bottom: 20px; }
.picture { display: block; }
.picture text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.picture .label { font-weight: 600; fill: var(--ink); }
.picture .caption { fill: #fff; font-weight: 600; pointer-events: none; }
@media (prefers-color-scheme: dark) { .picture .caption { fill: #14171a; } }
.rail { stroke: var(--rule); stroke-width: 1; }
.bar { opacity: .92; }
.sleep { fill: none; stroke: var(--soft); stroke-dasharray: 3 3; }
.lane.thread .bar { opacity: .62; }
.mark.event { fill: var(--event); stroke: var(--raised); }
.mark.abort { stroke: var(--bad); stroke-width: 2.5; fill: none; }
.mark.fault, .mark.signal { fill: var(--event); stroke: var(--raised); }
.mark.finding { fill: var(--bad); stroke: var(--raised); stroke-width: 1.5; }
.picture .doom rect { fill: var(--bad-soft); opacity: .75; }
.picture .doom line { stroke: var(--bad); stroke-dasharray: 4 3; }
.picture .doom text { fill: var(--bad); font-weight: 600; }
.hit { fill: transparent; cursor: pointer; }
.cursor { fill: none; stroke: var(--focus); stroke-width: 1.5; visibility: hidden; }
.cursor.on { visibility: visible; }
.bar.t0 { fill: var(--t0); } .who.t0 { color: var(--t0); }
.bar.t1 { fill: var(--t1); } .who.t1 { color: var(--t1); }
.bar.t2 { fill: var(--t2); } .who.t2 { color: var(--t2); }
.bar.t3 { fill: var(--t3); } .who.t3 { color: var(--t3); }
.bar.t4 { fill: var(--t4); } .who.t4 { color: var(--t4); }
.bar.t5 { fill: var(--t5); } .who.t5 { color: var(--t5); }
.bar.t6 { fill: var(--t6); } .who.t6 { color: var(--t6); }
.bar.t7 { fill: var(--t7); } .who.t7 { color: var(--t7); }
.split { display: grid; grid-template-columns: minmax(0, 1fr) 400px; gap: 20px; align-items: start; }
table.rows { width: 100%; border-collapse: collapse; }
.rows th { text-align: left; font-size: 12px; color: var(--soft); font-weight: 600; padding: 4px 8px; border-bottom: 1px solid var(--rule); position: sticky; top: 0; background: var(--paper); }
.rows td { padding: 2px 8px; vertical-align: top; border-bottom: 1px solid transparent; }
.rows td + td { border-left: 1px solid var(--rule); }
.step-number { text-align: right; color: var(--soft); width: 3.5em; }
.line { color: var(--soft); white-space: nowrap; font-size: 11.5px; }
.who { font-weight: 700; }
.access { color: var(--soft); }
.note { color: var(--soft); font-style: italic; }
tr[data-row] { cursor: pointer; }
tr[data-row]:hover { background: var(--raised); }
tr.switch td, tr.migration td, tr.wakeup td, tr.arrival td { color: var(--soft); }
tr.event td { background: var(--event-soft); color: var(--event); font-weight: 600; }
tr.abort td, tr.finding td { color: var(--bad); font-weight: 600; }
tr.finding td { background: var(--bad-soft); }
tr.place .step-number { color: var(--bad); font-weight: 700; }
tr.loop .step-number { border-left: 4px solid var(--event); }
tr.doom td { color: var(--bad); font-weight: 600; font-size: 12px; border-top: 2px dashed var(--bad); }
tr.read-from td { background: color-mix(in srgb, var(--focus) 14%, transparent); }
tr.on { outline: 2px solid var(--focus); outline-offset: -2px; }
.badge { margin-left: 8px; padding: 0 6px; border-radius: 4px; font-size: 11px; font-weight: 600; background: var(--bad-soft); color: var(--bad); }
.detail { position: sticky; top: 14px; }
.detail dl { margin: 0 0 10px; display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; }
.detail dt { color: var(--soft); } .detail dd { margin: 0; overflow-wrap: anywhere; }
.detail a { color: var(--focus); cursor: pointer; }
pre.source { margin: 0; overflow: auto; max-height: 52vh; background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 8px 0; line-height: 1.5; }
pre.source span { display: block; padding: 0 12px; white-space: pre; }
pre.source i { font-style: normal; color: var(--soft); display: inline-block; width: 3em; user-select: none; }
pre.source .here { background: color-mix(in srgb, var(--focus) 18%, transparent); }
.replay { background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 8px 12px; overflow-wrap: anywhere; margin: 0; }
.keys { color: var(--soft); font-size: 12.5px; margin: 10px 0 0; }
kbd { font: 11.5px ui-monospace, monospace; border: 1px solid var(--rule); border-bottom-width: 2px; border-radius: 4px; padding: 0 5px; background: var(--raised); }
footer { margin-top: 26px; }
@media (max-width: 980px) { .split { grid-template-columns: minmax(0, 1fr); } .detail { position: static; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --rule: #ccc; --raised: #f6f6f6; --bad: #a00; --bad-soft: #fbe9e9; --event: #7a4d00; --event-soft: #fff4d9; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { padding: 0; max-width: none; } body { font-size: 10.5px; }
  .split { display: block; } .detail, .keys { display: none; }
  .rows th { position: static; } tr { break-inside: avoid; } thead { display: table-header-group; }
  .scroller { overflow: visible; } .picture { max-width: 100%; height: auto; }
}
`;

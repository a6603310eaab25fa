/** How the page of a trace looks: light or dark as the reader's system is. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --ink: #1c2024; --soft: #5d666f; --rule: #e1e3de; --raised: #f5f6f2; --focus: #1b64c4;
  --bad: #b3261e; --bad-soft: #fdeceb; --caption: #ffffff;
  --t0: #2a78c2; --t1: #c2571a; --t2: #2e8b57; --t3: #8e4ec6; --t4: #b0337b; --t5: #0e8a94; --t6: #7d6b00; --t7: #5b6bd6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #e6e8ea; --soft: #98a2ab; --rule: #2b3035; --raised: #1d2125; --focus: #7ab7ff;
    --bad: #ff8a80; --bad-soft: #36201f; --caption: #14171a;
    --t0: #6db4f5; --t1: #f39a5f; --t2: #6fcf97; --t3: #c79bf2; --t4: #f08fc4; --t5: #5fd0d8; --t6: #d8c556; --t7: #9fabff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, "Segoe UI", sans-serif; }
main { padding: 20px 24px 32px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 24px; margin-bottom: 12px; }
h1 { font-size: 19px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 0 0 6px; font-weight: 600; }
.facts { color: var(--soft); margin: 0; font-variant-numeric: tabular-nums; }
.left-out { color: var(--bad); background: var(--bad-soft); border-radius: 4px; padding: 1px 8px; margin: 0; }
#search { margin-left: auto; width: 240px; font: inherit; padding: 3px 9px; color: var(--ink); background: var(--raised); border: 1px solid var(--rule); border-radius: 6px; }
#scroller { position: relative; overflow: hidden auto; border: 1px solid var(--rule); border-radius: 8px; background: var(--raised); }
#picture { position: sticky; top: 0; display: block; touch-action: none; }
#tip { position: fixed; z-index: 1; pointer-events: none; background: var(--ink); color: var(--paper); border-radius: 4px; padding: 1px 7px; font-size: 12px; }
.below { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 28px; margin-top: 18px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
dl:empty::before { content: "Click what you want to know more of."; color: var(--soft); }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; color: var(--soft); font-size: 12px; font-weight: 600; border-bottom: 1px solid var(--rule); padding: 2px 8px; }
td { padding: 2px 8px; overflow-wrap: anywhere; }
td + td, th + th { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 8px; }
tbody tr { cursor: pointer; }
tbody tr:hover { background: var(--raised); }
.keys { color: var(--soft); font-size: 12.5px; margin: 8px 0 0; }
kbd { font: 11.5px ui-monospace, monospace; border: 1px solid var(--rule); border-bottom-width: 2px; border-radius: 4px; padding: 0 5px; background: var(--raised); }
@media (max-width: 860px) { .below { grid-template-columns: minmax(0, 1fr); } }
`;

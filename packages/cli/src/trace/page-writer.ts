import { jsonValue } from '@rseqlab/trace-format';
import type { Track, TrackEvent } from '@rseqlab/trace-format';
import { PAGE_STYLE } from './page-style.js';

const KINDS = { begin: 'B', end: 'E', instant: 'i' } as const;

/** More than a browser takes in at once; Perfetto is for those. */
const MOST_EVENTS = 200_000;

/**
 * Writes tracks and their events as one page that needs nothing else: no network, no other file.
 *
 * Its script draws a row for every CPU and every thread, and is built from `packages/cli/page`.
 */
export class PageWriter {
  readonly #title: string;
  readonly #script: string;
  readonly #mostEvents: number;
  #originNs: bigint | undefined;
  #events = 0;
  #leftOut = 0;
  #isFirst = true;

  /** @param script - of the page, built from `packages/cli/page` */
  constructor(title: string, script: string, mostEvents: number = MOST_EVENTS) {
    this.#title = title;
    this.#script = script;
    this.#mostEvents = mostEvents;
  }

  /** What the page begins with. */
  begin(): string {
    const title = escaped(this.#title);
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header><h1>${title}</h1><p class="facts" id="counts"></p><p class="left-out" id="left-out" hidden></p>
<input id="search" type="search" placeholder="event or thread" aria-label="event or thread to look for"></header>
<div id="scroller"><canvas id="picture" role="img" aria-label="a row for every CPU and every thread, over time"></canvas><div id="spacer"></div></div>
<div id="tip" hidden></div>
<p class="keys"><kbd>w</kbd> <kbd>s</kbd> larger, smaller; <kbd>a</kbd> <kbd>d</kbd> to the left, to the right; <kbd>←</kbd> <kbd>→</kbd> last, next; <kbd>f</kbd> fit; <kbd>/</kbd> search; drag and wheel</p>
<div class="below">
<section><h2>Chosen</h2><dl id="facts"></dl></section>
<section><h2>What there is</h2><table><thead><tr><th>event</th><th>count</th><th>time</th></tr></thead><tbody id="names"></tbody></table></section>
</div>
</main>
<script type="application/json" id="data">{"items":[`;
  }

  /** What names a track. */
  track({ id, name, group }: Track): string {
    return this.#item(['t', id, name, group]);
  }

  /** An event. */
  event({ kind, track, timeNs, name, category, details }: TrackEvent): string {
    if (this.#events >= this.#mostEvents) {
      this.#leftOut += 1;
      return '';
    }
    this.#events += 1;
    this.#originNs ??= timeNs;
    const ns = Number(timeNs - this.#originNs);
    if (kind === 'end') return this.#item([KINDS[kind], track.id, ns]);
    const fields = details.length === 0 ? undefined : Object.fromEntries(details);
    return this.#item([KINDS[kind], track.id, ns, name, category, fields]);
  }

  /** What the page ends with. */
  end(): string {
    return `
],"originNs":"${this.#originNs ?? 0n}","leftOut":${this.#leftOut}}</script>
<script>${this.#script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
  }

  #item(item: readonly unknown[]): string {
    const lead = this.#isFirst ? '\n' : ',\n';
    this.#isFirst = false;
    return lead + JSON.stringify(item, jsonValue).replaceAll('<', '\\u003c');
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './captured-io.js';
import { requireBuild, run } from './started-command.js';

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

const folder = mkdtempSync(join(tmpdir(), 'page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** The page as it is after its script ran. */
function rendered(page: string, hash = ''): string {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${mkdtempSync(join(folder, 'profile-'))}`,
  ];
  return execFileSync(browser!, [...flags, '--dump-dom', `file://${page}${hash}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A suite that a browser is needed for. */
function inBrowser(title: string, tests: () => void): void {
  const isMissing = browser === undefined;
  describe.skipIf(isMissing)(isMissing ? `${title} (skipped: there is no chromium)` : title, tests);
}

inBrowser('the page of a failing run in a browser', () => {
  it('selects the point of no return, and shows its values and its line', async () => {
    const page = join(folder, 'lost-update.html');
    await command(['check', 'lost-update.ts', '--html', page]);
    const dom = rendered(page);
    const at = /<body data-selected="(\d+)">/.exec(dom)?.[1];
    expect(dom).toMatch(new RegExp(`<tr id="row-${at!}" class="step on"`));
    expect(dom).toMatch(/<dt>access<\/dt><dd>\[0x10000000\] is 0<\/dd>/);
    expect(dom).toMatch(/<dt>reads from<\/dt><dd>0x10000000: what was there before<\/dd>/);
    expect(dom).toMatch(/<span class="here"><i>\d+<\/i> +const value = yield\* t\.load\(word\);/);
    expect(dom).toContain('class="cursor on"');
  });

  it('selects the row that its address names', async () => {
    const page = join(folder, 'first-row.html');
    await command(['check', 'lost-update.ts', '--html', page]);
    const dom = rendered(page, '#row-0');
    expect(dom).toContain('<body data-selected="0">');
  });
});

inBrowser('the page of a trace in a browser', () => {
  const page = join(folder, 'trace.html');

  beforeAll(async () => {
    requireBuild();
    await run(['run', 'lost-update.ts', '--trace', join(folder, 'trace')]);
    const converted = await run(['trace', 'convert', join(folder, 'trace'), page, '--to', 'html']);
    expect(converted).toMatchObject({ status: 0, err: '' });
  });

  it('lists what there is, and counts it', () => {
    const dom = rendered(page);
    expect(dom).toMatch(/id="counts">\d+ events, \d+ rows, \d/);
    expect(dom).toMatch(/<\/i>sched_process_exit<\/td><td>\d+<\/td><td><\/td>/);
    expect(dom).toContain('id="left-out" hidden=""');
  });

  it('shows the fields of the event that its address names', () => {
    const dom = rendered(page, '#sched_process_exit');
    expect(dom).toContain('<body data-selected="sched_process_exit">');
    expect(dom).toMatch(/<dt>on<\/dt><dd>CPU \d<\/dd><dt>at<\/dt><dd>[\d.]+ .s<\/dd>/);
    expect(dom).toMatch(/<dt>tid<\/dt><dd>\d+<\/dd>/);
  });
});

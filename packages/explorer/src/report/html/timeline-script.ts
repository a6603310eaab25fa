/**
 * What the page does: a row is selected by a click or by keys, its details and its line of source are
 * shown, and the row that it read from is marked. Without it the page is complete, but still.
 */
export const TIMELINE_SCRIPT = `
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const rows = data.rows;
  const byId = (id) => document.getElementById(id);
  const cursor = document.querySelector('.cursor');
  let selected = -1;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const entry = (list, term, value) => {
    list.append(element('dt', term));
    const description = element('dd');
    description.append(value);
    list.append(description);
  };

  const link = (row, text) => {
    const made = element('a', text);
    made.addEventListener('click', () => select(row));
    return made;
  };

  const showSource = ({ source }) => {
    const pre = byId('source');
    pre.replaceChildren();
    const lines = source && data.sources[source.file];
    pre.hidden = !lines;
    if (!lines) return;
    lines.forEach((text, at) => {
      const line = element('span');
      line.append(element('i', String(at + 1)), text === '' ? ' ' : text);
      if (at + 1 === source.line) line.className = 'here';
      pre.append(line);
    });
    const here = pre.querySelector('.here');
    if (here) pre.scrollTop = here.offsetTop - pre.clientHeight / 2;
  };

  const showDetail = (at) => {
    const row = rows[at];
    const list = byId('facts');
    list.replaceChildren();
    entry(list, 'what', row.text);
    if (row.index !== undefined) entry(list, 'step', row.index + (row.decision ? ', ' + row.decision : ''));
    if (row.thread >= 0) entry(list, 'thread', data.threads[row.thread] ?? 'T' + row.thread);
    if (row.cpu >= 0) entry(list, 'CPU', String(row.cpu));
    if (row.place) entry(list, 'at', row.place);
    if (row.source) entry(list, 'line', row.source.file + ':' + row.source.line);
    for (const text of row.accesses) entry(list, 'access', text);
    for (const { address, row: from } of row.reads)
      entry(
        list,
        'reads from',
        from < 0
          ? '0x' + address.toString(16) + ': what was there before'
          : link(from, (rows[from].index === undefined ? 'above' : 'step ' + rows[from].index) + ': ' + rows[from].label),
      );
    showSource(row);
  };

  const select = (at) => {
    if (at < 0 || at >= rows.length) return;
    for (const old of document.querySelectorAll('tr.on, tr.read-from')) old.classList.remove('on', 'read-from');
    selected = at;
    const line = byId('row-' + at);
    if (line) {
      line.classList.add('on');
      line.scrollIntoView({ block: 'nearest' });
    }
    for (const { row } of rows[at].reads) byId('row-' + row)?.classList.add('read-from');
    const hit = document.querySelector('.hit[data-row="' + at + '"]');
    if (hit && cursor) {
      cursor.setAttribute('x', hit.getAttribute('x'));
      cursor.classList.add('on');
    }
    showDetail(at);
    document.body.dataset.selected = String(at);
  };

  const seek = (by, wanted) => {
    for (let at = selected + by; at >= 0 && at < rows.length; at += by) if (wanted(rows[at])) return select(at);
  };

  const isEvent = ({ kind }) => kind === 'event' || kind === 'abort' || kind === 'finding';
  const keys = {
    ArrowDown: () => select(selected + 1),
    ArrowUp: () => select(selected - 1),
    j: () => select(selected + 1),
    k: () => select(selected - 1),
    Home: () => select(0),
    End: () => select(rows.length - 1),
    n: () => seek(1, isEvent),
    p: () => seek(-1, isEvent),
    t: () => seek(1, ({ kind, thread }) => kind === 'step' && thread === rows[selected].thread),
    r: () => select(data.noReturn),
    f: () => seekFinding(),
    Enter: () => select(rows[selected].reads[0]?.row ?? -1),
  };
  const seekFinding = () => select(rows.findLastIndex(({ kind }) => kind === 'finding'));

  document.addEventListener('keydown', (event) => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  document.addEventListener('click', ({ target }) => {
    const at = target.closest?.('[data-row]')?.dataset.row;
    if (at !== undefined) select(Number(at));
  });

  const asked = /^#row-(\\d+)$/.exec(location.hash);
  select(asked ? Number(asked[1]) : data.noReturn >= 0 ? data.noReturn : rows.length - 1);
})();
`;

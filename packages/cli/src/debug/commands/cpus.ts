import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { table } from '../table.js';
import { noMore } from '../words.js';

/** Every CPU, and what it runs. */
export const cpus: DebuggerCommand = {
  name: 'cpus',
  summary: 'list the CPUs, and what each runs',
  run(session, words) {
    noMore(words);
    const { machine, point, threads } = session.run;
    const { cpus: columns } = machine;
    const rows = columns.possible.map((cpu) => ({
      cpu,
      online: columns.online[cpu] === 1,
      thread: columns.current[cpu]!,
      queued: threads
        .filter(({ state, cpu: on }) => state === 'ready' && on === cpu)
        .map(({ thread }) => thread),
      bufferedStores: point.pendingStores(cpu),
      instructions: columns.steps[cpu]!,
      cycles: columns.cycles[cpu]!,
    }));
    const lines = rows.map((row) => [
      String(row.cpu),
      row.online ? 'online' : 'offline',
      row.thread < 0 ? 'idle' : `T${row.thread}`,
      row.queued.map((thread) => `T${thread}`).join(' '),
      String(row.bufferedStores),
      String(row.instructions),
      String(Math.round(row.cycles)),
    ]);
    const heads = ['cpu', 'state', 'runs', 'queued', 'buffered stores', 'instructions', 'cycles'];
    return reply(table([heads, ...lines]), { cpus: rows });
  },
};

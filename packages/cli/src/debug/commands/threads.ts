import { formatFrame, instructionAt } from '@rseqlab/explorer';
import { placeText } from '../code-place.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { table } from '../table.js';
import { noMore } from '../words.js';

/** Every thread, and where it is. */
export const threads: DebuggerCommand = {
  name: 'threads',
  summary: 'list the threads, and where each is',
  run(session, words) {
    noMore(words);
    const { machine, threads: places } = session.run;
    const rows = places.map(({ thread, name, state, cpu, source }) => {
      const hasEnded = state === 'ended';
      const ip = session.ipOf(thread);
      return {
        selected: thread === session.selected,
        thread,
        name,
        process: hasEnded ? undefined : machine.process(machine.threads.process[thread]!).name,
        state,
        cpu,
        place: hasEnded ? undefined : placeText(machine, ip),
        instruction: hasEnded ? undefined : instructionAt(machine, ip)?.text,
        source,
      };
    });
    const lines = rows.map((row) => [
      `${row.selected ? '*' : ' '} T${row.thread}`,
      row.name,
      row.process ?? '',
      row.cpu < 0 ? '' : String(row.cpu),
      row.state,
      row.place === undefined ? '' : `${row.place}: ${row.instruction ?? '?'}`,
      row.source === undefined ? '' : formatFrame(row.source),
    ]);
    const heads = ['  thread', 'name', 'process', 'cpu', 'state', 'at', 'source'];
    return reply(table([heads, ...lines]), { threads: rows });
  },
};

import { rseqStateOf } from '@rseqlab/rseq-runtime';
import { hexadecimal, placeText } from '../code-place.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { table } from '../table.js';
import { expectAlive, noMore, threadOrSelected } from '../words.js';

/** The rseq area of a thread, and the section that it has armed. */
export const rseq: DebuggerCommand = {
  name: 'rseq',
  usage: '[T]',
  summary: 'show the rseq area of a thread and the section that it has armed',
  run(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    noMore(rest);
    expectAlive(session, thread);
    const { machine } = session.run;
    const state = rseqStateOf(machine, thread);
    if (state === undefined)
      return reply(`T${thread} has no rseq area registered\n`, { thread, registered: false });
    const { section } = state;
    const name = session.sections.byDescriptor(state.rseqCs);
    const armed =
      state.rseqCs === 0 ? 'no section' : name === undefined ? '' : `${name.program}: ${name.name}`;
    const lines = [
      ['area', hexadecimal(state.area), `signature ${hexadecimal(state.signature)}`],
      ['cpu_id_start', String(state.cpuIdStart), ''],
      ['cpu_id', String(state.cpuId), ''],
      ['rseq_cs', hexadecimal(state.rseqCs), armed],
      ['flags', hexadecimal(state.flags), ''],
    ];
    if (section === undefined) {
      if (state.rseqCs !== 0) lines.push(['', '', 'nothing is mapped there']);
    } else {
      const { version, flags, startIp, postCommitOffset, abortIp, signature } = section;
      const seen = signature === undefined ? 'nothing' : hexadecimal(signature);
      lines.push(
        ['  version', String(version), ''],
        ['  flags', hexadecimal(flags), ''],
        ['  start_ip', hexadecimal(startIp), placeText(machine, startIp)],
        ['  post_commit_offset', String(postCommitOffset), ''],
        ['  abort_ip', hexadecimal(abortIp), `${placeText(machine, abortIp)}, behind ${seen}`],
      );
    }
    const ip = session.ipOf(thread);
    lines.push(['ip', hexadecimal(ip), state.isInside ? 'inside of it' : 'outside']);
    return reply(table(lines), { thread, registered: true, ...state });
  },
};

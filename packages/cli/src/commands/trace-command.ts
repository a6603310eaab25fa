import { Command } from 'commander';
import type { CommandIo } from '../command-io.js';
import { traceCheckCommand } from '../trace/trace-check-command.js';
import { traceStatsCommand } from '../trace/trace-stats-command.js';
import { traceViewCommand } from '../trace/trace-view-command.js';

/** `rseqlab trace ...`: what one does with traces in the Common Trace Format. */
export function traceCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('trace')
    .description('check, print and convert traces in the Common Trace Format')
    .addCommand(traceCheckCommand(io, ended))
    .addCommand(traceViewCommand(io, ended))
    .addCommand(traceStatsCommand(io, ended));
}

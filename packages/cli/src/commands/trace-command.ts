import { Command } from 'commander';
import type { CommandIo } from '../command-io.js';
import { traceCheckCommand } from '../trace/trace-check-command.js';
import { traceConvertCommand } from '../trace/trace-convert-command.js';
import { traceCrashCommand } from '../trace/trace-crash-command.js';
import { traceStatsCommand } from '../trace/trace-stats-command.js';
import { traceViewCommand } from '../trace/trace-view-command.js';

/** `rseqlab trace ...`: what one does with traces in the Common Trace Format. */
export function traceCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('trace')
    .description('check, print, convert and recover traces in the Common Trace Format')
    .addCommand(traceCheckCommand(io, ended))
    .addCommand(traceViewCommand(io, ended))
    .addCommand(traceStatsCommand(io, ended))
    .addCommand(traceConvertCommand(io, ended))
    .addCommand(traceCrashCommand(io, ended));
}

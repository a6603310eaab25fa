import type {
  ChannelStatistics,
  EventStatistics,
  SessionStatistics,
} from './session-statistics.js';
import { LogLevel } from '../events/log-level.js';

/**
 * The state of a session for people, as `lttng status` shows it.
 *
 * @source lttng-status(1), lttng-list(1)
 */
export function statusText(session: SessionStatistics): string {
  const head = `Recording session ${session.name}: [${session.isActive ? 'active' : 'inactive'}]`;
  const channels = session.channels.flatMap((channel) => ['', ...channelLines(channel)]);
  return [head, `  ${countsText(session)}`, ...channels, ''].join('\n');
}

function channelLines(channel: ChannelStatistics): string[] {
  const { name, mode, losses, lostPackets, events } = channel;
  const reasons = Object.entries(losses).filter(([, count]) => count > 0);
  const why = reasons.map(([reason, count]) => `${count} ${reason}`).join(', ');
  return [
    `- ${name}: event loss mode: ${mode}`,
    '    Statistics:',
    `      ${countsText(channel)}`,
    `      Discarded events: ${channel.discarded}${why === '' ? '' : ` (${why})`}`,
    `      Lost packets: ${lostPackets}`,
    '    Recording event rules:',
    ...events.map((event) => `      ${eventLine(event)}`),
  ];
}

function eventLine(event: EventStatistics): string {
  const { name, logLevel, filters, isEnabled } = event;
  const level = Object.entries(LogLevel).find(([, number]) => number === logLevel)?.[0] ?? logLevel;
  const filter = filters.length === 0 ? '' : ` [filter: ${filters.join(' || ')}]`;
  const state = isEnabled ? 'enabled' : 'disabled';
  return `${name} (log level: ${level}) [${state}]${filter}: ${countsText(event)}`;
}

function countsText(counts: {
  readonly recorded: number;
  readonly discarded: number;
  readonly emitted: number | undefined;
}): string {
  const { recorded, discarded, emitted } = counts;
  const of = emitted === undefined ? '' : ` of ${emitted} emitted`;
  return `${recorded} recorded, ${discarded} discarded${of}`;
}

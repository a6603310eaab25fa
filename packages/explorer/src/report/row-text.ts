import type { TraceAccess, TraceRow } from '../trace/run-trace.js';
import { wordText } from '../trace/word-text.js';

/** Accesses of a row that are written out; a step of many instructions has more. */
const SHOWN_ACCESSES = 3;

/** An address as reports write it. */
function addressText(address: number): string {
  return address < 0 ? '?' : `0x${address.toString(16)}`;
}

/** An access as a person reads it: `[0x10000000] = 5`. */
function accessText({ kind, address, value, result, missed }: TraceAccess): string {
  const place = `[${addressText(address)}]`;
  switch (kind) {
    case 'load':
      return `${place} ${missed === undefined ? 'is' : 'was'} ${wordText(value)}`;
    case 'store':
      return `${place} = ${wordText(value)}`;
    case 'buffered':
      return `${place} = ${wordText(value)}, buffered`;
    case 'visible':
      return `${place} = ${wordText(value)} now visible`;
    case 'atomic':
      return result === undefined || result === value
        ? `${place} stays ${wordText(value)}`
        : `${place}: ${wordText(value)} -> ${wordText(result)}`;
    case 'fence':
      return '';
  }
}

/** What a row says in the column of its CPU. */
export function rowText({ kind, thread, text, accesses }: TraceRow): string {
  const shown = accesses
    .slice(0, SHOWN_ACCESSES)
    .map(accessText)
    .filter((part) => part !== '');
  if (accesses.length > SHOWN_ACCESSES) shown.push('...');
  const details = shown.join(', ');
  if (kind === 'step')
    return `T${thread} ${[text, details].filter((part) => part !== '').join('  ')}`;
  const mark = kind === 'event' ? '>> ' : kind === 'abort' || kind === 'finding' ? '!! ' : '-- ';
  return `${mark}${text}${details === '' ? '' : `: ${details}`}`;
}

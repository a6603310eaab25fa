import { TraceFormatError } from '../../trace-format-error.js';

/** What stands in front of each text. @source RFC 7464, 2.2 */
export const RECORD_SEPARATOR = '\x1e';

/** Integers that a double does not hold are kept as text behind this, which no text of a trace begins with. */
const WIDE = '\ue000';

/** Strings, and integers of 16 digits and more outside of them. */
const STRING_OR_WIDE = /"(?:[^"\\]|\\.)*"|-?\b\d{16,}\b(?![.eE])/g;

/** A value of JSON whose integers may be wide. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** A text sequence of values. @source RFC 7464 */
export function jsonSequence(values: readonly Json[]): string {
  return values.map((value) => `${RECORD_SEPARATOR}${jsonText(value)}\n`).join('');
}

function jsonText(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value as Readonly<Record<string, Json | undefined>>).flatMap(
    ([name, member]) =>
      member === undefined ? [] : [`${JSON.stringify(name)}:${jsonText(member)}`],
  );
  return `{${members.join(',')}}`;
}

/** Reads a text sequence. @throws TraceFormatError `ERR_METADATA` with the line of what is no JSON */
export function parseJsonSequence(text: string): { readonly value: Json; readonly line: number }[] {
  let line = 1;
  return text.split(RECORD_SEPARATOR).flatMap((piece) => {
    const at = line;
    line += piece.split('\n').length - 1;
    if (piece.trim() === '') return [];
    try {
      const kept = piece.replace(STRING_OR_WIDE, (found) =>
        found.startsWith('"') ? found : `"${WIDE}${found}"`,
      );
      const revived = JSON.parse(kept, (_, value: unknown) =>
        typeof value === 'string' && value.startsWith(WIDE) ? BigInt(value.slice(1)) : value,
      ) as Json;
      return [{ value: revived, line: at }];
    } catch (error) {
      throw new TraceFormatError(
        'ERR_METADATA',
        `expected JSON from line ${at} on, got ${(error as Error).message}`,
        { line: at },
      );
    }
  });
}

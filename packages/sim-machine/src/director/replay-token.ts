import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad } from '@scure/base';
import { MachineError } from '../base/machine-error.js';
import type { Granularity, SchedulingMode } from './director.js';
import { packDecisions, unpackDecisions } from './decision-codec.js';

/** Everything that is needed to reproduce a run, given the program it belongs to. */
export interface ReplayRecord {
  /** What was run, as its owner finds it again: a file path, a name. Any printable text. */
  readonly scenario: string;
  /** Digest of the scenario and the machine's configuration, see {@link digest}. */
  readonly fingerprint: string;
  /** How the run was scheduled. */
  readonly scheduling: SchedulingMode;
  /** Where CPUs could be stopped. */
  readonly granularity: Granularity;
  /** The decisions, as recorded. */
  readonly decisions: Uint32Array;
}

const PREFIX = 'rseqlab';
const VERSION = 1;
const FINGERPRINT_BYTES = 6;
const CHECKSUM_BYTES = 3;

/** A short digest of a text: 8 printable characters, the same on every machine. */
export function digest(text: string): string {
  return base64urlnopad.encode(sha256(utf8(text)).subarray(0, FINGERPRINT_BYTES));
}

/**
 * Writes a run as one printable word: `rseqlab1:SCENARIO:FINGERPRINT:MODE:DECISIONS:CHECKSUM`.
 *
 * The scenario is percent-encoded where it has characters that a shell or the format would not
 * take.
 */
export function encodeToken(record: ReplayRecord): string {
  const mode = (record.scheduling === 'policy' ? 'p' : 'f') + record.granularity.charAt(0);
  const body = [
    `${PREFIX}${VERSION}`,
    percentEncoded(record.scenario),
    record.fingerprint,
    mode,
    base64urlnopad.encode(packDecisions(record.decisions)),
  ].join(':');
  return `${body}:${checksum(body)}`;
}

/**
 * Reads a token back.
 *
 * @throws MachineError `ERR_TOKEN` when it is of another version, damaged, or no token at all
 */
export function decodeToken(token: string): ReplayRecord {
  const text = token.trim();
  const version = /^[!-~]*$/.test(text)
    ? new RegExp(`^${PREFIX}(\\d+):`).exec(text)?.[1]
    : undefined;
  if (version === undefined)
    throw new MachineError(
      'ERR_TOKEN',
      `expected a replay token "${PREFIX}${VERSION}:...", got "${shorten(text)}"`,
    );
  if (Number(version) !== VERSION)
    throw new MachineError(
      'ERR_TOKEN',
      `expected a replay token of version ${VERSION}, got version ${version}`,
    );
  const end = text.lastIndexOf(':');
  const [, scenario, fingerprint, mode, decisions, ...rest] = text.slice(0, end).split(':');
  if (
    scenario === undefined ||
    fingerprint === undefined ||
    mode === undefined ||
    !/^[pf][ia]$/.test(mode) ||
    decisions === undefined ||
    rest.length > 0
  )
    throw new MachineError(
      'ERR_TOKEN',
      'expected six fields in the replay token, got a token that was cut or edited',
    );
  if (checksum(text.slice(0, end)) !== text.slice(end + 1))
    throw new MachineError(
      'ERR_TOKEN',
      'expected the checksum to match, got a token that was cut or edited',
    );
  return {
    scenario: decoded('the scenario', scenario, decodeURIComponent),
    fingerprint,
    scheduling: mode.startsWith('p') ? 'policy' : 'free',
    granularity: mode.endsWith('i') ? 'instruction' : 'access',
    decisions: unpackDecisions(
      decoded('the decisions', decisions, (field) => base64urlnopad.decode(field)),
    ),
  };
}

/**
 * Refuses a record that belongs to something else.
 *
 * @throws MachineError `ERR_TOKEN` when the fingerprints differ
 */
export function checkFingerprint(record: ReplayRecord, expected: string): void {
  if (record.fingerprint !== expected)
    throw new MachineError(
      'ERR_TOKEN',
      `expected a token of this scenario and configuration (${expected}), ` +
        `got one of another (${record.fingerprint})`,
    );
}

function decoded<Value>(what: string, field: string, decode: (field: string) => Value): Value {
  try {
    return decode(field);
  } catch (cause) {
    throw new MachineError(
      'ERR_TOKEN',
      `expected ${what} in the replay token to be encoded, got "${shorten(field)}"`,
      { cause },
    );
  }
}

/** Percent-encodes what encodeURIComponent does and what a shell would take for its own. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function checksum(body: string): string {
  return base64urlnopad.encode(sha256(utf8(body)).subarray(0, CHECKSUM_BYTES));
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  }
  return Uint8Array.from(bytes);
}

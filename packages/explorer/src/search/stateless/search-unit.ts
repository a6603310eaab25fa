import type { EventRecord } from './event-record.js';
import type { LocationIds } from './location-ids.js';
import type { StartingPoint } from './starting-point.js';

/** An event of a unit: what is decided, and what it conflicts through. */
export interface UnitEvent {
  /** Who acts: a CPU, a CPU's store buffer, or the devices. */
  readonly process: number;
  readonly decision: number;
  /** What `answered` made of answers to questions that come up in the middle of it. */
  readonly answers?: readonly number[];
  /** Key, bytes and mode of every access; absent where it is not known. */
  readonly accesses?: readonly number[];
  readonly isUniversal?: boolean;
  readonly touches?: number;
}

/**
 * A part of a search that can be run by itself, at any time, in any place: all classes that begin
 * with a prefix of events, but for those that begin with an event that is asleep.
 *
 * Plain data: `JSON.stringify` and `JSON.parse` keep all of it. It belongs to the scenario and the
 * machine that it was planned for.
 */
export interface SearchUnit {
  /** Answers to what the machine asks before the first event; absent for all there can be. */
  readonly boot?: readonly number[];
  readonly prefix: readonly UnitEvent[];
  readonly asleep: readonly UnitEvent[];
  /** Most kernel events of an execution, or null for as many as there can be. */
  readonly kernelEvents: number | null;
  /** Whether that bound kept anything from being tried within the prefix. */
  readonly boundReached: boolean;
}

/** A starting point as a unit, in which locations are named by keys that hold in every process. */
export function unitOf(
  start: StartingPoint,
  bound: number,
  boundReached: boolean,
  locations: LocationIds,
): SearchUnit {
  const convert = (record: EventRecord): UnitEvent => toUnitEvent(record, locations);
  return {
    ...(start.boot === undefined ? {} : { boot: start.boot }),
    prefix: start.prefix.map(convert),
    asleep: start.asleep.map(convert),
    kernelEvents: bound === Infinity ? null : bound,
    boundReached,
  };
}

/** The starting point of a unit. */
export function startOf(unit: SearchUnit, locations: LocationIds): StartingPoint {
  const convert = (event: UnitEvent): EventRecord => toRecord(event, locations);
  return {
    boot: unit.boot,
    prefix: unit.prefix.map(convert),
    asleep: unit.asleep.map(convert),
  };
}

/** An event as plain data, in which locations are named by keys that hold in every process. */
export function toUnitEvent(record: EventRecord, locations: LocationIds): UnitEvent {
  const { process, decision, answers, footprint } = record;
  return {
    process,
    decision,
    ...(answers === undefined ? {} : { answers }),
    ...(footprint === undefined
      ? {}
      : {
          accesses: footprint.accesses.map((word, index) =>
            index % 3 === 0 ? locations.keyOf(word) : word,
          ),
          ...(footprint.isUniversal ? { isUniversal: true } : {}),
          ...(footprint.touches === 0 ? {} : { touches: footprint.touches }),
        }),
  };
}

/** The record of an event that comes as plain data. */
export function toRecord(event: UnitEvent, locations: LocationIds): EventRecord {
  const { process, decision, answers, accesses, isUniversal = false, touches = 0 } = event;
  return {
    process,
    decision,
    answers,
    footprint:
      accesses === undefined
        ? undefined
        : {
            isUniversal,
            touches,
            accesses: accesses.map((word, index) =>
              index % 3 === 0 ? locations.idOf(word) : word,
            ),
          },
  };
}

// The command line of the stress test; see README.md.
import { parseArgs } from 'node:util';
import { INJECTIONS } from './inject/injection.js';
import { exhaustiveText, stressText } from './report/stress-text.js';
import { exhaust } from './run/exhaustive.js';
import { DEFAULT_OPTIONS } from './run/stress-options.js';
import { stress } from './run/stress-run.js';
import { STRUCTURES } from './structures/all-structures.js';

const NAMES = STRUCTURES.map(({ name }) => name);
const USAGE = `usage: npm run stress -- [STRUCTURE ...] [options]

Structures: ${NAMES.map((name) => `"${name}"`).join(', ')}; default all.
--seed N           of the first round; default ${DEFAULT_OPTIONS.seed}
--rounds N         rounds, each with the next seed; default 20
--cpus N           default ${DEFAULT_OPTIONS.cpus}
--threads N        default ${DEFAULT_OPTIONS.threads}
--unregistered N   of these, without rseq; default ${DEFAULT_OPTIONS.unregistered}
--iterations N     of each thread; default ${DEFAULT_OPTIONS.iterations}
--inject LIST      of ${INJECTIONS.join(',')}; default all
--points LIST      instructions of a section, from 1 on; default all
--one-in N         of how many arrivals at a point one is used; default ${DEFAULT_OPTIONS.oneIn}
--model sc|tso     default ${DEFAULT_OPTIONS.memory}
--exhaustive       every interleaving of two threads instead, under sc
--aborts-off       a kernel that never aborts, to see that it shows

Exit status: 0 nothing was found, 1 something was, 2 bad use, 3 a bound was reached.`;

function integer(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`expected --${name} of ${least} or more, got ${text}`);
  return value;
}

function oneOf<Value extends string>(name: string, values: readonly Value[], text: string): Value {
  const found = values.find((value) => value === text);
  if (found === undefined)
    throw new RangeError(`expected ${name} of ${values.join(', ')}, got ${text}`);
  return found;
}

function main(): number {
  const text = (value: number): { type: 'string'; default: string } => ({
    type: 'string',
    default: String(value),
  });
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: text(DEFAULT_OPTIONS.seed),
      rounds: text(20),
      cpus: text(DEFAULT_OPTIONS.cpus),
      threads: text(DEFAULT_OPTIONS.threads),
      unregistered: text(DEFAULT_OPTIONS.unregistered),
      iterations: text(DEFAULT_OPTIONS.iterations),
      inject: { type: 'string', default: INJECTIONS.join(',') },
      points: { type: 'string', default: '' },
      'one-in': text(DEFAULT_OPTIONS.oneIn),
      model: { type: 'string', default: DEFAULT_OPTIONS.memory },
      exhaustive: { type: 'boolean', default: false },
      'aborts-off': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const list = (words: string): readonly string[] => words.split(',').filter((word) => word !== '');
  const names = positionals.map((name) => oneOf('structures', NAMES, name));
  const chosen = STRUCTURES.filter(({ name }) => names.length === 0 || names.includes(name));
  const aborts = !values['aborts-off'];
  if (values.exhaustive) {
    const outcomes = chosen.map((structure) => {
      const result = exhaust(structure, { memory: 'sc', aborts });
      console.log(exhaustiveText(structure.name, result));
      return result.outcome;
    });
    return outcomes.includes('fails') ? 1 : outcomes.includes('unknown') ? 3 : 0;
  }
  const threads = integer('threads', values.threads, 1);
  const unregistered = integer('unregistered', values.unregistered, 0);
  if (unregistered > threads)
    throw new RangeError(`expected --unregistered of at most ${threads}, got ${unregistered}`);
  const options = {
    cpus: integer('cpus', values.cpus, 1),
    threads,
    unregistered,
    iterations: integer('iterations', values.iterations, 1),
    kinds: list(values.inject).map((kind) => oneOf('--inject', INJECTIONS, kind)),
    points: list(values.points).map((point) => integer('points', point, 1)),
    oneIn: integer('one-in', values['one-in'], 1),
    memory: oneOf('--model', ['sc', 'tso'], values.model),
    aborts,
  };
  const first = integer('seed', values.seed, 0);
  const rounds = integer('rounds', values.rounds, 1);
  let faults = 0;
  for (const structure of chosen) {
    const results = Array.from({ length: rounds }, (_, round) =>
      stress(structure, { ...options, seed: first + round }),
    );
    faults += results.filter(({ fault }) => fault !== undefined).length;
    console.log(stressText(results));
  }
  return faults > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

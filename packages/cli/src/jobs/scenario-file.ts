import * as explorer from '@rseqlab/explorer';
import * as percpu from '@rseqlab/percpu';
import * as runtime from '@rseqlab/rseq-runtime';
import * as machine from '@rseqlab/sim-machine';
import * as tracer from '@rseqlab/tracer';
import * as urcu from '@rseqlab/urcu';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import { CommandError } from '../command-error.js';
import { keptJavaScript } from './kept-javascript.js';
import { positionOf, showPath } from './source-position.js';

/** A scenario and the file it came from. */
export interface ScenarioFile {
  readonly scenario: explorer.Scenario;
  /** The file as the user named it. */
  readonly file: string;
  /** Its text. */
  readonly source: string;
}

/** What scenario files import resolves to what this command runs with, wherever they lie. */
const virtualModules = {
  '@rseqlab/explorer': explorer,
  '@rseqlab/percpu': percpu,
  '@rseqlab/rseq-runtime': runtime,
  '@rseqlab/sim-machine': machine,
  '@rseqlab/tracer': tracer,
  '@rseqlab/urcu': urcu,
};

/**
 * Loads a scenario from a TypeScript or JavaScript file, as it is.
 *
 * @throws CommandError when there is no such file, or it exports no scenario, or throws
 */
export async function loadScenario(file: string, folder: string): Promise<ScenarioFile> {
  const path = resolve(folder, file);
  const source = readSource(file, path);
  const exported = await importDefault(file, path, folder);
  if (!explorer.isScenario(exported))
    throw new CommandError(
      `${file}: expected a scenario as the default export, got ${describe(exported)}`,
    );
  return { scenario: exported, file, source };
}

function readSource(file: string, path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new CommandError(`${file}: expected a scenario file, got no such file`);
  if (!stats.isFile()) throw new CommandError(`${file}: expected a scenario file, got a folder`);
  return readFileSync(path, 'utf8');
}

async function importDefault(file: string, path: string, folder: string): Promise<unknown> {
  const jiti = createJiti(import.meta.url, {
    virtualModules,
    transform: keptJavaScript,
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
  });
  try {
    const loaded: unknown = await jiti.import(path);
    return (loaded as { default?: unknown } | undefined)?.default;
  } catch (error) {
    throw new CommandError(failureText(error, file, folder), undefined, { cause: error });
  }
}

/** Parse errors carry their place in the message: `ParseError: text \n file:line:column`. */
function failureText(error: unknown, file: string, folder: string): string {
  const [first = '', second = ''] = String(error instanceof Error ? error.message : error).split(
    '\n',
  );
  const parsed = /^ParseError: (.*?)\s*$/.exec(first);
  const place = /^\s*(.*:\d+:\d+)\s*$/.exec(second)?.[1];
  if (parsed !== null && place !== undefined)
    return `${showPath(place, folder)}: expected TypeScript, got: ${parsed[1] ?? ''}`;
  const position = positionOf(error, folder) ?? file;
  const thrown = error instanceof Error ? `${error.name}: ${first}` : first;
  return `${position}: expected the file to load, got ${thrown}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'no default export';
  if (value === null) return 'null';
  return typeof value === 'object' ? 'another object' : `a ${typeof value}`;
}

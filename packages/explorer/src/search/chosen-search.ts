import { ExplorerError } from '../explorer-error.js';
import type { SearchSettings, SearchStrategy } from './search-strategy.js';
import { STATE_IDENTITIES } from './states/state-key.js';
import { STRATEGIES } from './strategies.js';
import type { SearchName } from './strategies.js';

/** What is chosen where nothing is said. */
const DEFAULT_SEARCH: SearchName = 'graphs';

const DEFAULTS: Required<SearchSettings> = {
  seed: 1,
  depth: 3,
  fingerprint: 64,
  reduce: false,
  symmetry: false,
  preemptions: Infinity,
  delays: Infinity,
};

/** Ranges of the settings that are not limits. */
const RANGES = { seed: [-0x80000000, 0xffffffff], depth: [1, 1000] } as const;

/** The options by which a search is chosen. */
export interface SearchChoice extends SearchSettings {
  readonly search?: SearchName;
  readonly deepen?: boolean;
  readonly kernelEvents?: number;
}

/**
 * The strategy that options ask for, and its settings with the defaults filled in.
 *
 * @throws ExplorerError `ERR_OPTION` for a search that does not exist, and for a setting that it does
 *   not understand or that is out of its range
 */
export function chosenSearch(options: SearchChoice): {
  readonly strategy: SearchStrategy;
  readonly settings: Required<SearchSettings>;
} {
  const name = options.search ?? DEFAULT_SEARCH;
  if (!Object.hasOwn(STRATEGIES, name))
    throw refused(`a search of ${Object.keys(STRATEGIES).join(', ')}`, `"${name}"`);
  const strategy = STRATEGIES[name];
  for (const setting of Object.keys(DEFAULTS) as (keyof SearchSettings)[])
    if (options[setting] !== undefined && !strategy.settings.includes(setting))
      throw refused(
        `settings that search "${name}" understands (${strategy.settings.join(', ')})`,
        setting,
      );
  for (const setting of ['seed', 'depth'] as const) {
    const [least, most] = RANGES[setting];
    const value = options[setting] ?? DEFAULTS[setting];
    if (!Number.isInteger(value) || value < least || value > most)
      throw refused(`${setting} to be an integer from ${least} to ${most}`, String(value));
  }
  const fingerprint = options.fingerprint ?? DEFAULTS.fingerprint;
  if (!STATE_IDENTITIES.includes(fingerprint))
    throw refused(`fingerprint to be one of ${STATE_IDENTITIES.join(', ')}`, String(fingerprint));
  if (options.deepen === true && !strategy.isExhaustive && options.kernelEvents === undefined)
    throw refused('a bound on kernelEvents for a search that samples and deepens', 'none');
  return { strategy, settings: { ...settingsOf(options), fingerprint } };
}

/** The settings among options, with the defaults filled in. */
function settingsOf(options: SearchSettings): Required<SearchSettings> {
  const settings = Object.entries(DEFAULTS).map(([name, otherwise]) => [
    name,
    options[name as keyof SearchSettings] ?? otherwise,
  ]);
  return Object.fromEntries(settings) as Required<SearchSettings>;
}

function refused(expected: string, got: string): ExplorerError {
  return new ExplorerError('ERR_OPTION', `expected ${expected}, got ${got}`);
}

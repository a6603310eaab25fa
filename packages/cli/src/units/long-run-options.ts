import { Option } from 'commander';
import { integerOption } from '../number-option.js';

/** `--workers N`, the same for every command that has it. */
export function workersOption(): Option {
  return new Option('--workers <n>', 'threads to work with; what is printed is the same with any')
    .argParser(integerOption(1, 256))
    .default(1);
}

/** `--plan FILE`, the same for every command that has it. */
export function planOption(): Option {
  return new Option(
    '--plan <file>',
    'only write the plan of the work to a file, for shard and merge',
  ).conflicts('resume');
}

/** `--resume FILE`, the same for every command that has it. */
export function resumeOption(): Option {
  return new Option(
    '--resume <file>',
    'keep what is done in a file, and go on from it if it exists',
  );
}

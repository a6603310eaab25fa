import { OptionDefaults } from 'typedoc';

/** Judged in each package and again in the merged site. */
const validation = {
  notExported: true,
  invalidLink: true,
  invalidPath: true,
  rewrittenLink: true,
  notDocumented: true,
  unusedMergeModuleWith: true,
};

/** One site for all library packages. @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'rseqlab',
  entryPointStrategy: 'packages',
  entryPoints: [
    'packages/sim-machine',
    'packages/rseq-runtime',
    'packages/percpu',
    'packages/urcu',
    'packages/trace-format',
    'packages/tracer',
    'packages/explorer',
  ],
  packageOptions: {
    entryPoints: ['src/index.ts'],
    tsconfig: 'tsconfig.json',
    excludeInternal: true,
    // Links to source lines need a remote, which a clone or an unpacked archive may lack.
    disableSources: true,
    validation,
    blockTags: [...OptionDefaults.blockTags, '@source'],
    requiredToBeDocumented: [
      'Variable',
      'Function',
      'Class',
      'Interface',
      'Method',
      'Accessor',
      'TypeAlias',
    ],
  },
  out: 'docs/api',
  includeVersion: true,
  hideGenerator: true,
  treatWarningsAsErrors: true,
  logLevel: 'Warn',
  validation,
};

/** "May import" of the design: a package on the left, all that it may build on at the right. */
const mayImport = {
  'sim-machine': [],
  'trace-format': [],
  'rseq-runtime': ['sim-machine'],
  explorer: ['sim-machine'],
  percpu: ['rseq-runtime', 'sim-machine'],
  urcu: ['rseq-runtime', 'sim-machine'],
  tracer: ['rseq-runtime', 'sim-machine', 'urcu', 'trace-format'],
};
const libraries = Object.keys(mayImport).join('|');
const nodePackages = 'cli|tooling';

/**
 * @param {[string, string[]]} entry
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
const mayImportRule = ([name, allowed]) => ({
  name: `may-import-${name}`,
  comment: `${name} may import ${allowed.join(', ') || 'no other package'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    path: `^(?:packages/(?!(?:${[name, ...allowed].join('|')})/)|examples/|bench/|conformance/|apps/)`,
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(mayImport).map(mayImportRule),
    {
      name: 'package-in-the-table',
      comment: 'A package that is not in the table above has no rule: add it.',
      severity: 'error',
      from: { path: `^packages/(?!(?:${libraries}|${nodePackages})/)` },
      to: {},
    },
    {
      name: 'one-door',
      comment: 'A package is entered by its name, that is by src/index.ts.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples|bench|conformance/[^/]+|apps)/' },
      to: {
        path: '^packages/[^/]+/',
        pathNot: '^$1/|^packages/[^/]+/(?:src|dist)/index\\.(?:d\\.)?ts$',
      },
    },
    {
      name: 'door-by-name',
      comment: 'Another package is imported as @rseqlab/name, never by a relative path.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples|bench|conformance/[^/]+|apps)/' },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'source-not-build',
      comment: 'Imports resolve to sources; a built file here means a wrong resolution.',
      severity: 'error',
      from: {},
      to: { path: '^packages/[^/]+/dist/' },
    },
    {
      name: 'no-own-index',
      comment: 'Inside a package, import the file that defines.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/$1/src/index\\.ts$' },
    },
    {
      name: 'no-circular',
      comment: 'No import cycles, type-only ones included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-node-in-libraries',
      comment: 'Libraries run in a browser.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: `^packages/(?:${nodePackages})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sources-import-no-tests',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '/test/|\\.test\\.ts$' },
    },
    {
      name: 'sources-use-declared-dependencies',
      comment: 'What a source imports is among the dependencies of its own package.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/tooling/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['rseqlab-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.d.ts', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};

import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Sources that must run in a browser and be the same on every run. */
const librarySources = ['packages/*/src/**/*.ts'];
const hostSources = ['packages/cli/**', 'packages/tooling/**'];
const tests = [
  'packages/*/test/**/*.ts',
  'examples/**/*.ts',
  'bench/**/*.ts',
  'conformance/**/*.ts',
];
const configurations = ['*.config.{js,ts}', '.dependency-cruiser.js', 'packages/*/*.config.ts'];

const ambient = 'ambient state: take a port from the caller instead.';
const forbiddenGlobals = [
  'Date',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'Buffer',
  'require',
  'module',
  'console',
  'window',
  'document',
  'fetch',
].map((name) => ({ name, message: `Library sources use no ${ambient}` }));

const noEnum = {
  selector: 'TSEnumDeclaration',
  message: 'Use an `as const` object and the union of its values.',
};
const noParameterProperty = {
  selector: 'TSParameterProperty',
  message: 'Declare the field, then assign it in the constructor.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name.',
};
const noStarExport = {
  selector: 'ExportAllDeclaration',
  message: 'Export by name: what a door shows is read in the door.',
};

export default defineConfig(
  {
    ignores: [
      '**/tsup.config.bundled_*',
      '**/dist/',
      '**/node_modules/',
      'docs/',
      'litmus/',
      'packages/cli/bin/',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './packages/cli/page/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      // A simulated thread is a generator whether it has anything to yield or not.
      'require-yield': 'off',
      // The compiler knows what is defined.
      'no-undef': 'off',
      'no-restricted-syntax': ['error', noEnum, noParameterProperty, noDefaultExport, noStarExport],
      // Reads of typed arrays on hot paths are written `array[i]!`.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Indexed loops over typed arrays do not allocate an iterator.
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Status words (`port.fault`, `user.failed`, exit reasons) change in calls that the checker
      // cannot see into, and it would call every test behind such a call needless.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Ports are objects of functions that do not look at `this`; they are taken apart freely.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: librarySources,
    ignores: hostSources,
    rules: {
      'no-restricted-globals': ['error', ...forbiddenGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: `Library sources use no ${ambient}` },
        { object: 'globalThis', message: `Library sources use no ${ambient}` },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'Only cli and tooling touch Node APIs.' }] },
      ],
    },
  },
  {
    files: tests,
    rules: {
      'no-restricted-properties': [
        'error',
        ...['mock', 'doMock', 'hoisted'].map((property) => ({
          object: 'vi',
          property,
          message: 'Fake a port, not a module.',
        })),
      ],
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    // Types of plain JavaScript are in comments, which the linter does not see as casts.
    files: ['scripts/**/*.mjs'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Tools demand a default export of their configuration, and `rseqlab` one of a scenario.
    files: [
      ...configurations,
      'examples/**/*.ts',
      'packages/cli/test/**/*.ts',
      'bench/workload/fib-with-checker.ts',
      'bench/workload/many-adds.ts',
    ],
    rules: {
      'no-restricted-syntax': ['error', noEnum, noParameterProperty, noStarExport],
    },
  },
);

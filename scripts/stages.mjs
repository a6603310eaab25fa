/**
 * One check of the repository: an npm script that must succeed.
 *
 * @typedef {object} Stage
 * @property {string} name how the report calls it; also the name of its log
 * @property {readonly string[]} command program and arguments, run at the root
 * @property {readonly string[]} [after] stages that must have ended before, however they ended
 * @property {boolean} [alone] runs with no other stage beside it
 * @property {string} [report] a JSON report as vitest writes it, whose tests count instead of the stage
 * @property {number} [limitMinutes] longer is a failure; 10 when absent
 */

const report = 'node_modules/.cache/checks/vitest.json';
const tortureReport = 'node_modules/.cache/checks/torture.json';

/** The torture takes so many times as long as it does without being asked to. */
const tortureTimes = Math.max(1, Number(process.env['RSEQLAB_TORTURE'] ?? 1) || 1);

/** @param {string} script */
const npmRun = (script) => ['npm', 'run', '--silent', script];

/**
 * All of `npm test`. The longest come first, so that two at a time end together.
 *
 * @type {readonly Stage[]}
 */
export const stages = [
  { name: 'build', command: npmRun('build') },
  {
    name: 'torture',
    command: [...npmRun('torture'), '--', '--report', tortureReport],
    report: tortureReport,
    limitMinutes: 10 * tortureTimes,
  },
  { name: 'lint', command: npmRun('lint') },
  { name: 'types', command: npmRun('check:types') },
  { name: 'docs', command: npmRun('docs') },
  { name: 'pack', command: npmRun('pack:all'), after: ['build'] },
  { name: 'format', command: npmRun('check:format') },
  { name: 'boundaries', command: npmRun('check:boundaries') },
  { name: 'unused', command: npmRun('check:unused') },
  { name: 'publint', command: npmRun('check:publint'), after: ['pack'] },
  { name: 'attw', command: npmRun('check:attw'), after: ['pack'] },
  {
    name: 'vitest',
    command: [
      ...npmRun('vitest'),
      '--',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    after: ['build', 'pack'],
    alone: true,
    report,
    limitMinutes: 20,
  },
];

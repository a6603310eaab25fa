import ts from 'typescript';

/**
 * Makes `const` again of what a bundler turned into `var` at the top of a module: what has a value from
 * the start and is nowhere assigned another.
 *
 * V8 takes the value of a constant for known when it optimizes a function; a `var` it looks up each time.
 * Modules of a bundle come in the order in which they are evaluated, so nothing is read before its time.
 *
 * @param {string} code of an ES module
 * @returns {string} with the same lines
 */
export function keepConstants(code) {
  const { ES2022 } = ts.ScriptTarget;
  const file = ts.createSourceFile('chunk.js', code, ES2022, false, ts.ScriptKind.JS);
  const assigned = namesAssigned(file);
  const isConstant = (/** @type {ts.VariableDeclaration} */ { name, initializer }) =>
    ts.isIdentifier(name) && initializer !== undefined && !assigned.has(name.text);

  let result = '';
  let copied = 0;
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { flags, declarations } = statement.declarationList;
    if ((flags & ts.NodeFlags.BlockScoped) !== 0 || !declarations.every(isConstant)) continue;
    const start = statement.declarationList.getStart(file);
    result += `${code.slice(copied, start)}const`;
    copied = start + 'var'.length;
  }
  return result + code.slice(copied);
}

/**
 * Names that something is assigned to anywhere, whatever they stand for there.
 *
 * @param {ts.SourceFile} file
 * @returns {Set<string>}
 */
function namesAssigned(file) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {ts.Node} target names in it, also in patterns: `[a, b] = pair` */
  function add(target) {
    if (ts.isIdentifier(target)) names.add(target.text);
    else if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target))
      ts.forEachChild(target, add);
  }
  /** @param {ts.Node} node */
  function visit(node) {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) add(node.left);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
      if (node.operator === PlusPlusToken || node.operator === MinusMinusToken) add(node.operand);
    } else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) add(node.initializer);
    ts.forEachChild(node, visit);
  }
  visit(file);
  return names;
}

/** @param {ts.SyntaxKind} kind */
function isAssignment(kind) {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/**
 * Does so in every chunk that tsup writes.
 *
 * @type {NonNullable<import('tsup').Options['plugins']>[number]}
 */
export const constantsKept = {
  name: 'constants-kept',
  renderChunk: (code, { path }) =>
    path.endsWith('.js') ? { code: keepConstants(code) } : undefined,
};

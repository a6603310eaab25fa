import ts from 'typescript';

/**
 * Puts numbers in the place of the constants that stand for them: of `const LIMIT = 8`, and of members of
 * `const Kind = { Load: 0, Store: 1 }`, at the top of a module.
 *
 * V8 finds the value out as well, when it optimizes. But it counts the bytecode of what it puts into a function
 * and stops at a limit, and to look up `Kind.Load` takes three to four times as much as the number.
 *
 * A name that is declared anywhere else too is left alone, and so is an object one of whose members is assigned.
 *
 * @param {string} code of an ES module
 * @returns {string} with the same lines
 */
export function inlineConstants(code) {
  const { ES2022 } = ts.ScriptTarget;
  const file = ts.createSourceFile('chunk.js', code, ES2022, true, ts.ScriptKind.JS);
  const constants = constantsOf(file);
  let result = '';
  let copied = 0;

  /** @param {ts.Node} node @param {number} value */
  function replace(node, value) {
    const isObject = accessOf(node.parent)?.expression === node;
    const text = Object.is(value, -0) ? '-0' : String(value);
    const isApart = isObject || text.startsWith('-');
    result += code.slice(copied, node.getStart(file)) + (isApart ? `(${text})` : text);
    copied = node.end;
  }

  /** @param {ts.Node} node */
  function visit(node) {
    const value = isUse(node) ? valueOf(node, constants) : undefined;
    if (value === undefined) ts.forEachChild(node, visit);
    else replace(node, value);
  }
  visit(file);
  return result + code.slice(copied);
}

/** @typedef {Map<string, number | Map<string, number>>} Constants by name; of an object by names of its members */

/**
 * @param {ts.SourceFile} file
 * @returns {Constants}
 */
function constantsOf(file) {
  /** @type {Constants} */
  const constants = new Map();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { flags, declarations } = statement.declarationList;
    if ((flags & ts.NodeFlags.Const) === 0) continue;
    for (const { name, initializer } of declarations) {
      if (!ts.isIdentifier(name) || initializer === undefined) continue;
      const value = ts.isObjectLiteralExpression(initializer)
        ? membersOf(initializer, constants)
        : valueOf(initializer, constants);
      if (value !== undefined) constants.set(name.text, value);
    }
  }
  for (const name of namesInDoubt(file)) constants.delete(name);
  return constants;
}

/**
 * @param {ts.ObjectLiteralExpression} literal
 * @param {Constants} constants
 * @returns {Map<string, number> | undefined} undefined where not all members are numbers
 */
function membersOf({ properties }, constants) {
  /** @type {Map<string, number>} */
  const members = new Map();
  for (const property of properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return undefined;
    const value = valueOf(property.initializer, constants);
    if (value === undefined) return undefined;
    members.set(property.name.text, value);
  }
  return members;
}

/**
 * The number that an expression of constants stands for, as far as it is sure to be one.
 *
 * @param {ts.Node} node
 * @param {Constants} constants
 * @returns {number | undefined}
 */
function valueOf(node, constants) {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isParenthesizedExpression(node)) return valueOf(node.expression, constants);
  if (ts.isIdentifier(node)) {
    const known = constants.get(node.text);
    return typeof known === 'number' ? known : undefined;
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const known = constants.get(node.expression.text);
    return typeof known === 'object' ? known.get(node.name.text) : undefined;
  }
  if (ts.isPrefixUnaryExpression(node)) {
    const value = valueOf(node.operand, constants);
    if (value === undefined) return undefined;
    if (node.operator === ts.SyntaxKind.MinusToken) return -value;
    return node.operator === ts.SyntaxKind.TildeToken ? ~value : undefined;
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const left = valueOf(node.left, constants);
  const right = valueOf(node.right, constants);
  const compute = OPERATORS.get(node.operatorToken.kind);
  return left === undefined || right === undefined ? undefined : compute?.(left, right);
}

/** @type {ReadonlyMap<ts.SyntaxKind, (left: number, right: number) => number>} */
const OPERATORS = new Map([
  [ts.SyntaxKind.PlusToken, (left, right) => left + right],
  [ts.SyntaxKind.MinusToken, (left, right) => left - right],
  [ts.SyntaxKind.AsteriskToken, (left, right) => left * right],
  [ts.SyntaxKind.AsteriskAsteriskToken, (left, right) => left ** right],
  [ts.SyntaxKind.BarToken, (left, right) => left | right],
  [ts.SyntaxKind.LessThanLessThanToken, (left, right) => left << right],
]);

/**
 * Names that are declared other than at the top as well, or of which a member is assigned.
 *
 * @param {ts.SourceFile} file
 * @returns {Set<string>}
 */
function namesInDoubt(file) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {ts.Node} node */
  function visit(node) {
    const isNamed =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isClassLike(node);
    const isAtTop = ts.isVariableDeclaration(node) && node.parent.parent.parent === file;
    if (isNamed && !isAtTop && node.name !== undefined && ts.isIdentifier(node.name))
      names.add(node.name.text);
    const object = accessOf(node)?.expression;
    if (object !== undefined && ts.isIdentifier(object) && isTarget(node)) names.add(object.text);
    ts.forEachChild(node, visit);
  }
  visit(file);
  return names;
}

/**
 * @param {ts.Node} node
 * @returns {ts.PropertyAccessExpression | ts.ElementAccessExpression | undefined} undefined for any other node
 */
function accessOf(node) {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)
    ? node
    : undefined;
}

/** Whether something is assigned to an expression. @param {ts.Node} node */
function isTarget({ parent, pos }) {
  if (ts.isDeleteExpression(parent) || ts.isPostfixUnaryExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) {
    const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
    return parent.operator === PlusPlusToken || parent.operator === MinusMinusToken;
  }
  return (
    ts.isBinaryExpression(parent) &&
    parent.left.pos === pos &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** Whether a node is a constant where its value is asked for, on one line. @param {ts.Node} node */
function isUse(node) {
  if (ts.isPropertyAccessExpression(node)) return !node.getText().includes('\n');
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  return (
    (ts.isExpression(parent) && !(ts.isPropertyAccessExpression(parent) && parent.name === node)) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node) ||
    (ts.isParameter(parent) && parent.initializer === node) ||
    (ts.isStatement(parent) &&
      !ts.isLabeledStatement(parent) &&
      !ts.isBreakOrContinueStatement(parent)) ||
    ts.isCaseClause(parent) ||
    ts.isTemplateSpan(parent)
  );
}

/**
 * Does so in every chunk that tsup writes, once their constants are constants.
 *
 * @type {NonNullable<import('tsup').Options['plugins']>[number]}
 */
export const constantsInlined = {
  name: 'constants-inlined',
  renderChunk: (code, { path }) =>
    path.endsWith('.js') ? { code: inlineConstants(code) } : undefined,
};

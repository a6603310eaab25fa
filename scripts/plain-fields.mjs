import ts from 'typescript';

/**
 * Makes plain properties of the fields that a constructor gives their value.
 *
 * A field that is declared without a value is undefined first. V8 then takes it for one that changes: it
 * neither takes its value for constant nor knows the shape of what is in it. So the declaration goes; a private
 * field, which cannot be without one, is renamed from `#name` to `$name`.
 *
 * @param {string} code of an ES module
 * @returns {string} with the same lines and columns
 * @throws Error where `$name` may mean another property, or a field is asked for by `in`
 */
export function plainFields(code) {
  const { ES2022 } = ts.ScriptTarget;
  const file = ts.createSourceFile('chunk.js', code, ES2022, false, ts.ScriptKind.JS);
  /** @type {Map<string, ReadonlySet<string>>} by name of a class: the private fields made plain, inherited ones too */
  const classes = new Map();
  /** @type {ReadonlyMap<string, boolean>[]} by class around, the innermost first: its names, and whether they are plain */
  const scopes = [];
  /** @type {Set<string>} */
  const made = new Set();
  /** @type {Set<string>} */
  const present = new Set();
  let result = '';
  let copied = 0;

  /** @param {ts.Node} node @param {string} text */
  function replace(node, text) {
    const start = node.getStart(file);
    result += code.slice(copied, start) + text;
    copied = start + text.length;
  }

  /** @param {ts.Node} node */
  function visit(node) {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isClassLike(node.initializer))
      visitClass(node.initializer, node.name.getText(file));
    else if (ts.isClassLike(node)) visitClass(node, node.name?.text ?? '');
    else if (ts.isPrivateIdentifier(node)) {
      if (isPlain(node.text)) replace(node, plainName(node.text));
    } else {
      if (
        ts.isBinaryExpression(node) &&
        ts.isPrivateIdentifier(node.left) &&
        isPlain(node.left.text)
      )
        throw new Error(`expected no field to be asked for by "in", got ${node.left.text}`);
      if (ts.isIdentifier(node)) present.add(node.text);
      ts.forEachChild(node, visit);
    }
  }

  /** @param {ts.ClassLikeDeclaration} node @param {string} name */
  function visitClass(node, name) {
    const assigned = namesAssigned(node);
    const unset = node.members.filter((member) => isUnset(member) && assigned.has(nameOf(member)));
    const fields = unset.map(nameOf).filter((field) => field.startsWith('#'));
    const above = fieldsAbove(node);
    for (const field of fields) {
      if (above?.has(field) ?? true)
        throw new Error(
          `expected private fields of their own name, got ${field} of ${name}, as above it`,
        );
      made.add(plainName(field));
    }
    classes.set(name, new Set([...(above ?? []), ...fields]));
    node.heritageClauses?.forEach(visit);
    scopes.unshift(
      new Map(node.members.map((member) => [nameOf(member), fields.includes(nameOf(member))])),
    );
    for (const member of node.members)
      if (unset.includes(member)) replace(member, ' '.repeat(member.end - member.getStart(file)));
      else visit(member);
    scopes.shift();
  }

  /**
   * @param {ts.ClassLikeDeclaration} node
   * @returns {ReadonlySet<string> | undefined} undefined for a class of another module
   */
  function fieldsAbove(node) {
    const base = node.heritageClauses?.[0]?.types[0]?.expression.getText(file);
    if (base === undefined || base in globalThis) return new Set();
    return classes.get(base);
  }

  /** @param {string} name */
  function isPlain(name) {
    return scopes.find((scope) => scope.has(name))?.get(name) === true;
  }

  visit(file);
  const taken = [...made].filter((name) => present.has(name));
  if (taken.length > 0)
    throw new Error(`expected no other property of that name, got ${taken.join(', ')}`);
  return result + code.slice(copied);
}

/** @param {string} name of a private field */
function plainName(name) {
  return `$${name.slice(1)}`;
}

/** @param {ts.ClassElement} member */
function nameOf({ name }) {
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
    ? name.text
    : '';
}

/**
 * Whether a member is a field of every instance that is declared without a value.
 *
 * @param {ts.ClassElement} member
 */
function isUnset(member) {
  return (
    ts.isPropertyDeclaration(member) &&
    member.initializer === undefined &&
    !member.modifiers?.length
  );
}

/**
 * Fields that a class's constructor assigns, other than in functions inside of it.
 *
 * @param {ts.ClassLikeDeclaration} node
 * @returns {Set<string>}
 */
function namesAssigned(node) {
  /** @type {Set<string>} */
  const names = new Set();
  /** @param {ts.Node} target of an assignment, patterns included */
  function add(target) {
    if (ts.isPropertyAccessExpression(target)) {
      if (target.expression.kind === ts.SyntaxKind.ThisKeyword) names.add(target.name.text);
    } else ts.forEachChild(target, add);
  }
  /** @param {ts.Node} part */
  function visit(part) {
    if (ts.isFunctionLike(part) || ts.isClassLike(part)) return;
    if (ts.isBinaryExpression(part) && part.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      add(part.left);
    ts.forEachChild(part, visit);
  }
  node.members.find(ts.isConstructorDeclaration)?.body?.forEachChild(visit);
  return names;
}

/**
 * Does so in every chunk that tsup writes.
 *
 * @type {NonNullable<import('tsup').Options['plugins']>[number]}
 */
export const fieldsMadePlain = {
  name: 'fields-made-plain',
  renderChunk: (code, { path }) => (path.endsWith('.js') ? { code: plainFields(code) } : undefined),
};

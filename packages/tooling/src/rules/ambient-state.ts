import ts from 'typescript';
import type { Finding } from '../finding.js';
import { lineOf, parseSource, visitAll } from '../parse-source.js';
import { isLibrarySource, type RepositoryFile } from '../repository-file.js';

/** Names that reach a clock, randomness, timers, the host, or any of them by another way. */
const ambient: ReadonlySet<string> = new Set(
  [
    ['Date', 'performance', 'crypto', 'Intl', 'setTimeout', 'setInterval', 'setImmediate'],
    ['queueMicrotask', 'requestAnimationFrame', 'process', 'Buffer', 'require', 'console'],
    ['globalThis', 'window', 'document', 'navigator', 'self', 'global', 'fetch'],
    ['WeakRef', 'FinalizationRegistry', 'Worker', 'eval'],
  ].flat(),
);

/** Whether an identifier names a value, and not a member, a label or a part of a type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !(
    (ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isGetAccessor(parent) ||
      ts.isSetAccessor(parent)) &&
    parent.name === node
  );
}

/** Names that a file declares itself: a simulated `process` is no Node API. */
function declaredNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visitAll(source, (node) => {
    if (
      (ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isBindingElement(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        ts.isImportSpecifier(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name)
    )
      names.add(node.name.text);
  });
  return names;
}

/** `Math` is for its functions: any other use could reach `Math.random`. */
function usesMathRandom(node: ts.Identifier): boolean {
  if (node.text !== 'Math') return false;
  return !ts.isPropertyAccessExpression(node.parent) || node.parent.name.text === 'random';
}

/** Library sources reach no clock, no randomness, no timers and no host, by whatever way. */
export function ambientState(files: readonly RepositoryFile[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const file of files.filter(({ path }) => isLibrarySource(path))) {
    const source = parseSource(file);
    const declared = declaredNames(source);
    visitAll(source, (node) => {
      const isImportMeta = ts.isMetaProperty(node) && node.name.text === 'meta';
      const isGlobal =
        ts.isIdentifier(node) &&
        isReference(node) &&
        !declared.has(node.text) &&
        (ambient.has(node.text) || usesMathRandom(node));
      if (isImportMeta || isGlobal)
        findings.push({
          path: file.path,
          line: lineOf(source, node),
          message: `expected a port handed in by the caller, got ${node.parent.getText(source)}`,
        });
    });
  }
  return findings;
}

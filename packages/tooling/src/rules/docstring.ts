import ts from 'typescript';
import type { Finding } from '../finding.js';
import { lineOf, parseSource } from '../parse-source.js';
import { isPackageSource, type RepositoryFile } from '../repository-file.js';

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function namesOf(node: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText());
  if (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  )
    return node.name === undefined ? [] : [node.name.text];
  return [];
}

/** Every export has a docstring, those inside a package too. */
export function docstring(files: readonly RepositoryFile[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const file of files.filter(({ path }) => isPackageSource(path))) {
    const source = parseSource(file);
    const documented = new Set<string>();
    for (const node of source.statements.filter(isExported)) {
      const hasComment = ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);
      for (const name of namesOf(node)) {
        // The first of several overloads speaks for all; a type may share the name of its value.
        if (hasComment) documented.add(name);
        else if (!documented.has(name))
          findings.push({
            path: file.path,
            line: lineOf(source, node),
            message: `expected a docstring on the export ${name}`,
          });
      }
    }
  }
  return findings;
}

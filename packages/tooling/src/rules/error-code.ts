import ts from 'typescript';
import type { Finding } from '../finding.js';
import { lineOf, parseSource, visitAll } from '../parse-source.js';
import { isPackageSource, isTest, type RepositoryFile } from '../repository-file.js';

interface ErrorCode {
  readonly path: string;
  readonly line: number;
  readonly code: string;
}

function packageOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** The literals of exported unions whose name ends in `ErrorCode`. */
function declaredCodes(file: RepositoryFile): readonly ErrorCode[] {
  if (!file.text.includes('ErrorCode')) return [];
  const source = parseSource(file);
  return source.statements.flatMap((node) => {
    if (!ts.isTypeAliasDeclaration(node) || !node.name.text.endsWith('ErrorCode')) return [];
    const members = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type];
    return members.flatMap((member) =>
      ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)
        ? [{ path: file.path, line: lineOf(source, member), code: member.literal.text }]
        : [],
    );
  });
}

/** The string literals that a file uses as values. */
function literalsOf(file: RepositoryFile): ReadonlySet<string> {
  const literals = new Set<string>();
  visitAll(parseSource(file), (node) => {
    if (ts.isStringLiteralLike(node) && !ts.isLiteralTypeNode(node.parent)) literals.add(node.text);
  });
  return literals;
}

/** Every error code is thrown by its package, and some test of that package asks for it. */
export function errorCode(files: readonly RepositoryFile[]): readonly Finding[] {
  const codes = files.filter(({ path }) => isPackageSource(path)).flatMap(declaredCodes);
  const used = new Map<string, Set<string>>();
  for (const file of files) {
    const role = isPackageSource(file.path) ? 'src' : isTest(file.path) ? 'test' : undefined;
    const place = `${packageOf(file.path)}/${role ?? ''}`;
    if (role === undefined || !codes.some((code) => file.text.includes(code.code))) continue;
    const known = used.get(place) ?? new Set<string>();
    for (const literal of literalsOf(file)) known.add(literal);
    used.set(place, known);
  }
  return codes.flatMap(({ path, line, code }) => {
    const isUsedIn = (role: string): boolean =>
      used.get(`${packageOf(path)}/${role}`)?.has(code) === true;
    const findings: Finding[] = [];
    if (!isUsedIn('src'))
      findings.push({ path, line, message: `expected some source to throw ${code}` });
    if (!isUsedIn('test'))
      findings.push({ path, line, message: `expected a test that triggers ${code}` });
    return findings;
  });
}

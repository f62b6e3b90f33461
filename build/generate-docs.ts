/** @file Makes docs/errors.md from the catalogues in src. `npm run generate` writes it; a test fails when it is out of date. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');

interface Row {
  readonly code: string;
  readonly area: string;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

/** The text of a literal; what is filled in when the error is thrown is an ellipsis. Choices show their first branch. */
function textOf(node: ts.Expression | undefined): string {
  if (node === undefined) return '';
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('');
  if (ts.isConditionalExpression(node)) return textOf(node.whenTrue) || textOf(node.whenFalse);
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isBinaryExpression(node)) return textOf(node.left) + textOf(node.right);
  return '…';
}

function fieldsOf(literal: ts.ObjectLiteralExpression): Map<string, ts.Expression> {
  const properties = literal.properties.filter(ts.isPropertyAssignment);
  return new Map(properties.map(({ name, initializer }) => [name.getText(), initializer]));
}

/** Object literals with a constant upper-case `code` and a `what`, wherever they stand in a catalogue. */
function rowsOf(file: string): Row[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.ES2024,
    true,
  );
  const area = dirname(file).replace('src/', '');
  const rows: Row[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const fields = fieldsOf(node);
      const code = textOf(fields.get('code'));
      if (/^[A-Z][A-Z0-9_]+$/.test(code) && fields.has('what'))
        rows.push({
          code,
          area,
          what: textOf(fields.get('what')),
          why: textOf(fields.get('why')),
          next: textOf(fields.get('next')),
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return rows;
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** All of docs/errors.md. */
export function errorsPage(): string {
  const rows = globSync('src/**/errors.ts', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .flatMap(rowsOf)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const lines = rows.map(
    ({ code, area, what, why, next }) =>
      `| \`${code}\` | ${area} | ${inCell(what)} | ${inCell([why, next].filter(Boolean).join(' '))} |`,
  );
  return `# Errors

Every error that a person can act on, by its code.
The window, the command line and \`--json\` use the same codes and words; … stands for what is filled in.
This page is made from the catalogues (\`errors.ts\` in each area) by \`npm run generate\`.

| code | area | what happened | why, and what to do |
|---|---|---|---|
${lines.join('\n')}
`;
}

if (import.meta.main) writeFileSync(join(root, 'docs/errors.md'), errorsPage());

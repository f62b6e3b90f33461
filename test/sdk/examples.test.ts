/** @file The examples in the SDK's docstrings: each is run as it stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as sdk from '../../src/sdk/index.ts';

const folder = join(import.meta.dirname, '../../src/sdk');

interface Example {
  readonly file: string;
  readonly name: string;
  readonly code: string;
}

/** `@example` blocks with the function that follows their docstring. */
const examples: readonly Example[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const blocks = text.matchAll(/ \* @example ([\s\S]*?)\n \*\/\nexport (?:function|const) (\w+)/g);
    return [...blocks].map(([, code, name]) => ({ file, name: name!, code: code!.replaceAll('\n *', '\n') }));
  });

/** What the examples take for granted. */
function surroundings(scope: sdk.Scope) {
  const { builder } = scope;
  const input = (name: string, channels: number) => builder.input(name, [2, channels, 8, 8, 8]);
  const x = input('x', 4);
  const logits = input('logits', 2);
  return {
    scope,
    x,
    g: input('g', 4),
    image: input('image', 1),
    logits,
    label: input('label', 2),
    levels: [sdk.sigmoid(logits), sdk.sigmoid(logits)],
    deformed: sdk.sigmoid(logits),
    probabilities: sdk.sigmoid(logits),
    grid: builder.input('grid', [2, 8, 8, 8, 3]),
    settings: { norm: 'batch' },
    fingerprint: { labelValues: [1, 2] },
  };
}

describe('the examples of the SDK', () => {
  it('are there for most functions', () => {
    expect(examples.length).toBeGreaterThan(20);
  });

  it.each(examples)('run: $name', ({ code }) => {
    sdk.makeGraph('train', (scope) => {
      const known: Record<string, unknown> = { ...sdk, ...surroundings(scope) };
      if (code.includes('crossEntropy')) known.label = scope.builder.input('classes', [2, 1, 8, 8, 8]);
      const run = new Function(...Object.keys(known), `return (${code});`);
      expect(run(...Object.values(known))).toBeDefined();
    });
  });
});

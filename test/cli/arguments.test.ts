import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { parseArguments } from '../../src/cli/arguments.ts';
import { commands } from '../../src/cli/command-table.ts';
import { parseSettings } from '../../src/cli/commands/train.ts';
import { helpOf, overview } from '../../src/cli/help.ts';

const train = commands.find(({ name }) => name === 'train')!;

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof UserError ? `${error.code} ${error.field ?? ''}`.trim() : String(error);
  }
  return 'no error';
}

describe('arguments', () => {
  it('read positionals, repeated options and flags', () => {
    const args = parseArguments(train, [
      'vessel-mip',
      '--data',
      'd',
      '--set',
      'a=1',
      '--set',
      'b=x',
      '--resume',
    ]);
    expect(args.positionals).toEqual(['vessel-mip']);
    expect(args.texts('set')).toEqual(['a=1', 'b=x']);
    expect(args.flag('resume')).toBe(true);
    expect(args.text('preset')).toBeUndefined();
  });

  it.each<[string, () => unknown, string]>([
    ['an unknown option', () => parseArguments(train, ['p', '--colour', 'red']), 'USAGE'],
    ['a missing positional', () => parseArguments(train, []), 'USAGE'],
    ['a missing required option', () => parseArguments(train, ['p']).required('data'), 'USAGE --data'],
    [
      'a seed that is no number',
      () => parseArguments(train, ['p', '--seed', 'x']).integer('seed', { min: 0, max: 9 }),
      'USAGE --seed',
    ],
    ['a setting without a value', () => parseSettings(['mip']), 'USAGE --set'],
  ])('refuse %s', (_what, action, code) => {
    expect(codeOf(action)).toBe(code);
  });
});

describe('help', () => {
  it('lists every command', () => {
    for (const { name } of commands) expect(overview(commands)).toContain(`  ${name}`);
  });

  it.each(
    commands.map((command) => [command.name, command] as const),
  )('of %s shows its options and an example', (name, command) => {
    const text = helpOf(command);
    for (const option of Object.keys(command.options)) expect(text).toContain(`--${option}`);
    expect(text).toContain(`sagitta ${name}`);
    expect(text).toContain('Examples:');
  });
});

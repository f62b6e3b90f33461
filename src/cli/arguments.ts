/** @file Turns argv into a command's arguments. Wrong use throws USAGE, naming the option. */
import { parseArgs } from 'node:util';
import { deviceSchema } from '../contract/jobs.ts';
import type { Arguments, Command } from './command.ts';
import { usageError } from './errors.ts';

const common = {
  json: { type: 'boolean', help: 'Print one JSON document on stdout.' },
  help: { type: 'boolean', short: 'h', help: 'Show this help.' },
} as const;

export function optionsOf(command: Command): Command['options'] {
  return { ...command.options, ...common };
}

export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const { values, positionals } = parse(command, argv);
  const next = `See: sagitta ${command.name} --help`;
  const { min, max } = command.positionals;
  if (values.help !== true && (positionals.length < min || positionals.length > max)) {
    const expected =
      min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
    throw usageError({
      what: `"sagitta ${command.name}" takes ${expected} ${expected === '1' ? 'argument' : 'arguments'}, not ${positionals.length}.`,
      next: `Usage: sagitta ${command.name} ${command.usage}`.trimEnd(),
    });
  }
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  return {
    positionals,
    text,
    texts: (name) => (Array.isArray(values[name]) ? (values[name] as string[]) : []),
    flag: (name) => values[name] === true,
    integer: (name, bounds) => {
      const given = text(name);
      if (given === undefined) return undefined;
      const number = Number(given);
      if (!Number.isInteger(number) || number < bounds.min || number > bounds.max) {
        const expected = `a whole number from ${bounds.min} to ${bounds.max}`;
        throw usageError({
          what: `--${name} must be ${expected}, not "${given}".`,
          field: `--${name}`,
          next,
        });
      }
      return number;
    },
    device: () => {
      const given = text('device') ?? 'auto';
      if (!deviceSchema.safeParse(given).success) {
        throw usageError({
          what: `--device must be auto, cpu, gpu or gpu:N, not "${given}".`,
          field: '--device',
          next: 'See what there is: sagitta devices',
        });
      }
      return given;
    },
    required: (name) => {
      const given = text(name);
      if (given === undefined) throw usageError({ what: `--${name} is missing.`, field: `--${name}`, next });
      return given;
    },
  };
}

function parse(command: Command, argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: optionsOf(command), allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0]! : String(error);
    throw usageError({ what: `${message}.`, next: `See: sagitta ${command.name} --help` });
  }
}

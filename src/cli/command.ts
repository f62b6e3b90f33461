/** @file What a command is: one file in `commands/`, one row in `command-table.ts`. `--help` is made from these fields. */
import type { ParseArgsOptionDescriptor } from 'node:util';
import type { Output } from './output.ts';

export interface Option extends ParseArgsOptionDescriptor {
  /** Placeholder in the help, e.g. DIR. */
  readonly value?: string;
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  /** One text of an option, if given. */
  text(name: string): string | undefined;
  /** All texts of a repeatable option. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** A whole number within bounds; throws USAGE otherwise. */
  integer(name: string, bounds: { min: number; max: number }): number | undefined;
  /** `--device`, auto when absent; throws USAGE when it is no name of a device. */
  device(): string;
  /** A required option; throws USAGE when it is missing. */
  required(name: string): string;
}

export interface CommandContext {
  readonly output: Output;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `sagitta NAME`. */
  readonly usage: string;
  readonly positionals: { readonly min: number; readonly max: number };
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
  /** Returns the JSON document that `--json` prints. Prints for people through `context.output`. */
  run(args: Arguments, context: CommandContext): Promise<unknown>;
}

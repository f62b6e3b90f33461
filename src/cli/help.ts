/** @file Help texts, made from the command table. */
import { optionsOf } from './arguments.ts';
import type { Command, Option } from './command.ts';

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Sagitta trains and runs medical-imaging models on this machine. For research use only.',
    '',
    'Usage: sagitta COMMAND …',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'sagitta COMMAND --help shows its options and examples. All commands take --json.',
  ].join('\n');
}

export function helpOf(command: Command): string {
  const rows = Object.entries(optionsOf(command)).map(
    ([name, option]) => [flagText(name, option), option.help] as const,
  );
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    `Usage: sagitta ${command.name} ${command.usage}`,
    '',
    command.summary,
    '',
    'Options:',
    ...rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}

function flagText(name: string, option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
}

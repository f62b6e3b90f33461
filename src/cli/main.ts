/** @file Entry of the command line: finds the command, runs it, prints its document or its error, and sets the exit code. */
import { Cancelled } from '../base/cancel.ts';
import { errorReport } from '../base/errors.ts';
import { leaveMessage } from '../contract/shell.ts';
import { parseArguments } from './arguments.ts';
import { commands } from './command-table.ts';
import { usageError } from './errors.ts';
import { helpOf, overview } from './help.ts';
import { makeOutput, type Output } from './output.ts';

const exitCodes = { success: 0, wrongUse: 2, badInput: 3, failedJob: 4, cancelled: 130 } as const;

/** Codes of words on the command line that mean nothing here. */
const wrongUseCodes = /^(USAGE$|SETTING_|(PRESET|PLUGIN|EVALUATION_METRIC)_UNKNOWN$)/;

/** Codes of errors that come from running a job rather than from what was given to it. */
const jobErrorCodes = /^(JOB_|TRAINING_|BUG$)/;

async function run(argv: readonly string[], output: Output, signal: AbortSignal): Promise<void> {
  // `sagitta --json info x` is `sagitta info x --json`.
  const firstWord = argv.findIndex((word) => word !== '--json');
  const [name, ...rest] = firstWord === -1 ? [] : [...argv.slice(firstWord), ...argv.slice(0, firstWord)];
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${overview(commands)}\n`);
    return;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined)
    throw usageError({ what: `There is no command "${name}".`, next: 'See: sagitta --help' });
  const args = parseArguments(command, rest);
  if (args.flag('help')) {
    process.stdout.write(`${helpOf(command)}\n`);
    return;
  }
  const document = await command.run(args, { output, signal });
  output.endProgress();
  if (output.json && document !== undefined) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Cancelled) return exitCodes.cancelled;
  const { code } = errorReport(error);
  if (wrongUseCodes.test(code)) return exitCodes.wrongUse;
  return jobErrorCodes.test(code) ? exitCodes.failedJob : exitCodes.badInput;
}

function printError(error: unknown, output: Output): void {
  output.endProgress();
  if (error instanceof Cancelled) {
    if (output.json)
      process.stdout.write(`${JSON.stringify({ error: { code: 'CANCELLED', message: 'Cancelled.' } })}\n`);
    else process.stderr.write('Cancelled.\n');
    return;
  }
  const report = errorReport(error);
  if (output.json) {
    process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
    return;
  }
  const lines = [
    `${report.code}  ${report.message}`,
    report.hint,
    report.field === undefined ? undefined : `Field: ${report.field}`,
    report.file === undefined ? undefined : `File: ${report.file}`,
  ];
  process.stderr.write(`${lines.filter((line) => line !== undefined).join('\n')}\n`);
}

const mostLeavingMs = 20_000;

/** Lets what runs come to its end first (a checkpoint, a lock given back), but not for ever. */
function leave(): void {
  abort.abort();
  setTimeout(() => process.exit(exitCodes.cancelled), mostLeavingMs).unref();
}

/** Whoever read our output has left, e.g. `sagitta info … | head -1`: no fault, and nobody to tell. */
function leaveWhenUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.success);
}

const argv = process.argv.slice(2);
for (const stream of [process.stdout, process.stderr]) stream.on('error', leaveWhenUnread);
const output = makeOutput(process, { json: argv.includes('--json'), now: Date.now });
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
// Started by the launcher: when that is killed, nobody is left to ask us to stop.
if (process.send !== undefined) {
  process.on('disconnect', leave);
  // The desktop shell's way to ask where there are no signals (Windows).
  process.on('message', (message) => {
    if (message === leaveMessage) abort.abort();
  });
  process.channel?.unref();
}
try {
  await run(argv, output, abort.signal);
} catch (error) {
  printError(error, output);
  process.exitCode = exitCodeOf(error);
}
process.off('disconnect', leave);
if (process.connected) process.disconnect();

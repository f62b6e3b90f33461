/** @file Ends a worker whose host was killed, should it still be there: it has normally left by itself when its channel closed. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemErrorCode } from '../../base/node/system-error.ts';

/**
 * Ends the process if its command line carries `mark`, so that another program that got the same id is never touched. On Windows,
 * where command lines are not at hand, nothing is ended: the channel has to do.
 */
export async function endLeftOverWorker(processId: number, mark: string): Promise<void> {
  const commandLine = await commandLineOf(processId);
  if (commandLine === undefined || !commandLine.includes(mark)) return;
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    // It left between the look and the signal.
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

async function commandLineOf(processId: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${processId}/cmdline`, 'utf8');
    if (process.platform !== 'darwin') return undefined;
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(processId)]);
    return stdout;
  } catch (error) {
    // No such process: no file, or an exit code of ps.
    const code = systemErrorCode(error);
    if (
      code === 'ENOENT' ||
      code === 'ESRCH' ||
      (error instanceof Error && 'code' in error && error.code === 1)
    )
      return undefined;
    throw error;
  }
}

/** @file Looks for a Python that has the peer's package. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from './contestant.ts';

const candidates = ['python3', '/usr/bin/python3'];

/** The peer's command, or null when none of the usual Pythons can import `module`. */
export async function findPeer(module: 'torch' | 'nibabel'): Promise<Command | null> {
  for (const file of candidates) {
    if (await canImport(file, module))
      return { who: module, file, args: [join(import.meta.dirname, 'peer.py')] };
  }
  return null;
}

async function canImport(python: string, module: string): Promise<boolean> {
  return promisify(execFile)(python, ['-c', `import ${module}`]).then(
    () => true,
    () => false,
  );
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('convolution kernels of every instruction set agree with plain loops on 400 random geometries', () => {
  const script = join(import.meta.dirname, '../../build/native.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--test'], { encoding: 'utf8' });
  expect(stdout + stderr).toMatch(/400 geometries, 0 failures/);
  expect(status).toBe(0);
}, 300_000);

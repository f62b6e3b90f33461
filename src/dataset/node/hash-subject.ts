/** @file SHA-256 of a subject's files, so that a run record says exactly which data it saw. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Subject } from '../subject.ts';

/** Hex digest over the contents of all images, then all label maps by rater. Names of files do not count. */
export async function hashSubject(subject: Subject): Promise<string> {
  const hash = createHash('sha256');
  const labels = Object.entries(subject.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const files = [...subject.images.map((file) => ['image', file]), ...labels] as [string, string][];
  for (const [role, file] of files) {
    const inner = createHash('sha256');
    for await (const chunk of createReadStream(file)) inner.update(chunk as Buffer);
    hash.update(`${role}\0`).update(inner.digest());
  }
  return hash.digest('hex');
}

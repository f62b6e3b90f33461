/** @file The index: what headers say, by path, size and time of change, so that opening a large project reads no volume. Only a cache. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { UserError } from '../../base/errors.ts';
import { orientationLetters } from '../../imaging/geometry/orientation.ts';
import { readHeader } from '../../imaging/node/open.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const row = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const headerFactsSchema = z.object({
  dims: triple,
  spacingMm: triple,
  orientation: z.string(),
  timePoints: z.int(),
  rasFromIjk: z.tuple([row, row, row, row]),
});

export type HeaderFacts = z.infer<typeof headerFactsSchema>;

export interface HeaderIndex {
  /** Null for a file that cannot be read as a volume. */
  factsOf(file: IndexedFile): Promise<HeaderFacts | null>;
  /** Forgets files that are not among these paths. */
  keepOnly(paths: readonly string[]): void;
  close(): void;
}

interface IndexedFile {
  readonly path: string;
  /** Absolute path. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** Raised when facts change their meaning; an index of another version is made anew. */
const indexVersion = 1;

/** Opens the index; one that is missing, damaged or of another version is made anew. */
export function openHeaderIndex(file: string): HeaderIndex {
  const database = openDatabase(file);
  const find = database.prepare('SELECT facts FROM headers WHERE path = ? AND size = ? AND mtime = ?');
  const put = database.prepare(
    'INSERT OR REPLACE INTO headers (path, size, mtime, facts) VALUES (?, ?, ?, ?)',
  );
  const all = database.prepare('SELECT path FROM headers');
  const drop = database.prepare('DELETE FROM headers WHERE path = ?');
  return {
    async factsOf({ path, file, sizeBytes, mtimeMs }) {
      const cached = find.get(path, sizeBytes, mtimeMs)?.facts;
      if (typeof cached === 'string') return headerFactsSchema.nullable().parse(JSON.parse(cached));
      const facts = await readFacts(file);
      put.run(path, sizeBytes, mtimeMs, JSON.stringify(facts));
      return facts;
    },
    keepOnly(paths) {
      const kept = new Set(paths);
      for (const { path } of all.all()) if (!kept.has(String(path))) drop.run(path ?? null);
    },
    close: () => database.close(),
  };
}

async function readFacts(file: string): Promise<HeaderFacts | null> {
  try {
    const { dims, spacingMm, timePoints, rasFromIjk } = await readHeader(file);
    const orientation = orientationLetters(rasFromIjk);
    return headerFactsSchema.parse({ dims, spacingMm, orientation, timePoints, rasFromIjk });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    return prepareDatabase(file);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    rmSync(file);
    return prepareDatabase(file);
  }
}

function prepareDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // A lost index is made anew, so nothing waits for the disk.
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    if (version !== indexVersion) database.exec('DROP TABLE IF EXISTS headers');
    database.exec(`CREATE TABLE IF NOT EXISTS headers
      (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime REAL NOT NULL, facts TEXT NOT NULL) STRICT`);
    database.exec(`PRAGMA user_version = ${indexVersion}`);
    const check = database.prepare('PRAGMA quick_check').get()?.quick_check;
    if (check !== 'ok') throw Object.assign(new Error('index damaged'), { code: 'ERR_SQLITE_ERROR' });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

/** @file The journal of changes, .sagitta/changes.ndjson: what is about to be done, then that it was. Undo reads it after a restart. */
import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../../base/node/atomic-write.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { changeIdSchema } from '../../contract/ids.ts';
import { stepSchema } from './step.ts';

const id = changeIdSchema;
const changeSchema = z.object({ id, at: z.string(), text: z.string(), steps: z.array(stepSchema) });

/** An intent (`do`, `undo`, `redo`) comes before the first step, its end (`done`, `takenBack`) after the last. */
const entrySchema = z.discriminatedUnion('type', [
  changeSchema.extend({ type: z.literal('do') }),
  z.object({ type: z.enum(['undo', 'redo', 'done', 'takenBack']), id }),
]);

type Entry = z.infer<typeof entrySchema>;
export type JournalChange = z.infer<typeof changeSchema>;

export interface History {
  /** Oldest first; the last is what undo takes back. */
  readonly done: readonly JournalChange[];
  /** The last is what redo does again. */
  readonly undone: readonly JournalChange[];
  /** Changes that were undone and then overtaken by another: nobody can get back to them. */
  readonly dropped: readonly JournalChange[];
  /** Begun and not ended: a crash came between. */
  readonly open: { readonly change: JournalChange; readonly direction: 'forward' | 'back' } | undefined;
  readonly entryCount: number;
}

/** Reads the journal, without a last line that a crash cut short. Lines that are no entries are passed over. */
export async function readJournal(file: string): Promise<History> {
  const text = await readIfThere(file);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await writeFileAtomic(file, whole);
  return historyOf(whole.split('\n').flatMap(parseLine));
}

/** Flushed to the disk before it resolves. */
export async function appendEntry(file: string, entry: Entry): Promise<void> {
  const handle = await open(file, 'a');
  try {
    await handle.writeFile(`${JSON.stringify(entry)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function historyOf(entries: readonly Entry[]): History {
  let history: Omit<History, 'entryCount'> = { done: [], undone: [], dropped: [], open: undefined };
  let before = history;
  for (const entry of entries) {
    if (entry.type === 'takenBack') history = { ...before, open: undefined };
    else if (entry.type === 'done') history = { ...history, open: undefined };
    else {
      before = history;
      history = afterIntent(history, entry);
    }
  }
  return { ...history, entryCount: entries.length };
}

type Intent = Extract<Entry, { type: 'do' }> | { type: 'undo' | 'redo'; id: string };

function afterIntent(
  { done, undone, dropped }: Omit<History, 'entryCount'>,
  entry: Intent | Entry,
): Omit<History, 'entryCount'> {
  if (entry.type === 'do') {
    const { type: _, ...change } = entry;
    const open = { change, direction: 'forward' } as const;
    return { done: [...done, change], undone: [], dropped: [...dropped, ...undone], open };
  }
  const isUndo = entry.type === 'undo';
  const change = (isUndo ? done : undone).at(-1);
  // A line that does not follow from those before it: the file was changed by hand.
  if (change?.id !== entry.id) return { done, undone, dropped, open: undefined };
  return isUndo
    ? { done: done.slice(0, -1), undone: [...undone, change], dropped, open: { change, direction: 'back' } }
    : {
        done: [...done, change],
        undone: undone.slice(0, -1),
        dropped,
        open: { change, direction: 'forward' },
      };
}

function parseLine(line: string): Entry[] {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line || 'null'));
    return parsed.success ? [parsed.data] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

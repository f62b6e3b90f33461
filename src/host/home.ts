/** @file What is kept for the person and not for a project: recent projects, preferences, plugins that are off. Files in the system's place for such. */
import { mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../base/node/atomic-write.ts';
import { systemErrorCode } from '../base/node/system-error.ts';
import { makeSerial } from '../base/serial.ts';
import { preferencesSchema } from '../contract/devices.ts';

const homeSchema = z.object({
  version: z.literal(1),
  recent: z.array(z.object({ name: z.string(), folder: z.string(), openedAt: z.string() })),
  preferences: preferencesSchema,
  disabledPlugins: z.array(z.string()),
});

export type HomeRecord = z.infer<typeof homeSchema>;

const empty: HomeRecord = {
  version: 1,
  recent: [],
  preferences: { device: 'auto', rater: 'me' },
  disabledPlugins: [],
};

export interface Home {
  /** Where the file was put that could not be read; undefined when all was well. */
  readonly setAside: string | undefined;
  readonly record: HomeRecord;
  change(change: (record: HomeRecord) => HomeRecord): Promise<void>;
}

/** `SAGITTA_HOME`, or the system's folder for settings. */
export function homeFolder(): string {
  const { SAGITTA_HOME, APPDATA, XDG_CONFIG_HOME } = process.env;
  if (SAGITTA_HOME) return SAGITTA_HOME;
  if (process.platform === 'win32') return join(APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Sagitta');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Sagitta');
  return join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'sagitta');
}

/** A file that cannot be read is set aside under another name, and all begins anew: nothing of a project is in it. */
export async function openHome(folder: string): Promise<Home> {
  const file = join(folder, 'home.json');
  await mkdir(folder, { recursive: true });
  const read = await readRecord(file);
  let { record } = read;
  const serial = makeSerial();
  return {
    setAside: read.setAside,
    get record() {
      return record;
    },
    change: (change) =>
      serial(async () => {
        const next = change(record);
        await writeJsonAtomic(file, next);
        record = next;
      }),
  };
}

async function readRecord(file: string): Promise<Pick<Home, 'record' | 'setAside'>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { record: empty, setAside: undefined };
    throw error;
  }
  const parsed = homeSchema.safeParse(parseJson(text));
  if (parsed.success) return { record: parsed.data, setAside: undefined };
  const setAside = `${file}.unreadable`;
  await rename(file, setAside);
  return { record: empty, setAside };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

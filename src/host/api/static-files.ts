/** @file The window's own files, as they were built. Only names that a listing of the folder brought are served, so no path can lead elsewhere. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { windowMissing } from '../errors.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

export interface StaticFiles {
  /** False when there is no such file. */
  send(path: string, response: ServerResponse, { headOnly }: { headOnly: boolean }): Promise<boolean>;
}

/** Throws WINDOW_MISSING when the page itself is asked for and has not been built. */
export function openStaticFiles(folder: string): StaticFiles {
  let files: ReadonlyMap<string, string> = new Map();
  return {
    async send(path, response, { headOnly }) {
      const isPage = path === '/' || path === '/index.html';
      // It may have been built anew, and then its files have other names.
      if (isPage || files.size === 0) files = await filesIn(folder);
      const name = isPage ? '/index.html' : path;
      const file = files.get(name);
      if (file === undefined && isPage) throw windowMissing({ folder });
      if (file === undefined) return false;
      const { size } = await stat(file);
      // Names below assets/ hold a hash of their content.
      const cache = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.writeHead(200, {
        'content-type': types[extname(name)] ?? 'application/octet-stream',
        'content-length': size,
        'cache-control': cache,
      });
      if (headOnly) response.end();
      else await pipeline(createReadStream(file), response);
      return true;
    },
  };
}

/** By the path of their addresses. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const names = await namesIn(folder);
  return new Map(names.map((name) => [`/${name.split(sep).join('/')}`, join(folder, name)]));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

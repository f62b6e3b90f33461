/** @file Where the host's server listens: a port of this machine alone, or a socket that only this user can open. */
import { lstat, mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { portForbidden, portTaken, socketInTheWay } from '../errors.ts';

export type Place = { readonly port: number } | { readonly socket: string };

/** Returns the port; undefined on a socket. Throws PORT_TAKEN, PORT_FORBIDDEN, SOCKET_IN_THE_WAY. */
export async function listen(server: Server, place: Place): Promise<number | undefined> {
  if ('socket' in place) {
    await listenOnSocket(server, place.socket);
    return undefined;
  }
  try {
    await bound(server, () => server.listen(place.port, '127.0.0.1'));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EADDRINUSE') throw portTaken(place);
    if (code === 'EACCES') throw portForbidden(place);
    throw error;
  }
  return (server.address() as AddressInfo).port;
}

/** Windows keeps pipes of a user from others by itself; elsewhere the socket's mode does. */
async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (process.platform === 'win32') return bound(server, () => server.listen(path));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await removeOldSocket(path);
  // Set while the socket is made and not after: nobody can get in between. Synchronous, so nothing else is made with it.
  const mask = process.umask(0o177);
  try {
    return bound(server, () => server.listen(path));
  } finally {
    process.umask(mask);
  }
}

/** One that a killed host left behind. Never anything but a socket: the path may be a slip of the hand. */
async function removeOldSocket(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isSocket()) throw socketInTheWay({ path });
    await rm(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

function bound(server: Server, start: () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    start();
  });
}

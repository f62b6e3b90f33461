/** @file Whose program is at the other end of a loopback connection, where the system tells. */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { systemErrorCode } from '../../base/node/system-error.ts';

/**
 * False when another user of this machine has made the connection: the printed address can be seen in the list of processes while
 * a browser is being started with it. The system's own programs may (some tunnels are theirs). Only Linux tells; true elsewhere.
 */
export async function isOwnPeer({ remotePort, localPort }: Socket): Promise<boolean> {
  const own = process.getuid?.();
  if (
    process.platform !== 'linux' ||
    own === undefined ||
    remotePort === undefined ||
    localPort === undefined
  )
    return true;
  const user = peerUser(await connections(), { from: remotePort, to: localPort });
  return user === undefined || user === own || user === 0;
}

async function connections(): Promise<string> {
  try {
    return await readFile('/proc/net/tcp', 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return '';
  }
}

/**
 * User id of the end of a connection that is at port `from`, from the text of /proc/net/tcp; undefined when it is not in it. Rows:
 * number, own address, other address, state, queues, timer, retransmissions, user id, …; addresses are `0100007F:1F90` in hexadecimal.
 */
export function peerUser(table: string, { from, to }: { from: number; to: number }): number | undefined {
  const address = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local === address(from) && remote === address(to));
  return row?.[7] === undefined ? undefined : Number(row[7]);
}

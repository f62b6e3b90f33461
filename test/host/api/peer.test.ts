/** @file Whose a connection is: from a table as Linux has it, and of real connections. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isOwnPeer, peerUser } from '../../../src/host/api/peer.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41234 1 0000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 41235 1 0000 20 4 30 10 -1
   2: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 41236 1 0000 20 4 30 10 -1
`;

describe('the user of a connection', () => {
  it('is that of its far end', () => {
    expect(peerUser(table, { from: 0xd431, to: 0x1f90 })).toBe(1001);
    expect(peerUser(table, { from: 0x1f90, to: 0xd431 })).toBe(1000);
  });

  it('is not known when it is not in the table', () => {
    expect(peerUser(table, { from: 0xd431, to: 80 })).toBeUndefined();
    expect(peerUser('', { from: 0xd431, to: 0x1f90 })).toBeUndefined();
  });

  it.skipIf(process.platform !== 'linux')('is this user for connections of this process', async () => {
    const server = createServer();
    const accepted = new Promise<Socket>((resolve) => server.on('connection', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    const { remotePort } = await accepted;
    const now = readFileSync('/proc/net/tcp', 'utf8');
    expect(peerUser(now, { from: remotePort!, to: port })).toBe(process.getuid!());
    expect(await isOwnPeer(await accepted)).toBe(true);
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

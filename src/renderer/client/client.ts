/** @file Calls to the host, typed by the contract. With binary.ts and events.ts the only place of the window that talks. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { type contract, paths } from '../../contract/contract.ts';

export type HostClient = ContractRouterClient<typeof contract>;

export const host: HostClient = createORPCClient(
  new RPCLink({ url: new URL(paths.rpc, location.href).toString() }),
);

/** @file Answers the contract's calls over HTTP; every error leaves as a report, whoever threw it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ORPCError } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { paths } from '../../contract/contract.ts';
import { callMalformed, callTooLarge } from '../errors.ts';
import type { Services } from '../services.ts';
import { asContractError } from './errors.ts';
import { makeRouter } from './router.ts';

/** Calls are small: the largest lists the paths of a drop. */
const mostCallBytes = 16e6;

/** False when there is no such call. */
export type AnswerCall = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function makeRpc(services: Services, onBug: (error: unknown) => void): AnswerCall {
  const handler = new RPCHandler(makeRouter(services), {
    plugins: [new BodyLimitPlugin({ maxBodySize: mostCallBytes })],
    // Around the call itself, with its checks of what goes in and out.
    clientInterceptors: [
      ({ next }) =>
        next().catch((error: unknown) => {
          throw asContractError(error, onBug);
        }),
    ],
    // Around that, the reading of the request.
    interceptors: [
      ({ next }) =>
        next().catch((error: unknown) => {
          throw asReadingError(error, onBug);
        }),
    ],
  });
  return async (request, response) => {
    const { matched } = await handler.handle(request, response, { prefix: paths.rpc });
    return matched;
  };
}

function asReadingError(error: unknown, onBug: (error: unknown) => void): unknown {
  const isOrpc = error instanceof ORPCError;
  if (isOrpc && error.code === 'PAYLOAD_TOO_LARGE')
    return asContractError(callTooLarge({ mostBytes: mostCallBytes }), onBug);
  return isOrpc ? error : asContractError(callMalformed({ field: 'body', problem: 'cannot be read' }), onBug);
}

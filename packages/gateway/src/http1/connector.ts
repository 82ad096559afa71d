// undici's connector: addresses tried side by side, a limit of time, TLS with sessions that are
// resumed. From its own file: the library's index also loads fetch, WebSocket, caches and mocks,
// which would be a tenth of the gateway's start.

import type { Socket } from 'node:net';
// @ts-expect-error: the declarations are the index's alone
import connect from 'undici/lib/core/connect.js';

interface Where {
  readonly protocol: string;
  readonly hostname: string;
  readonly host: string;
  /** Empty for the protocol's own. */
  readonly port: string;
}

export type Connector = (where: Where, connected: (cause: Error | null) => void) => Socket;

export const buildConnector: (options: {
  readonly timeout: number;
  readonly allowH2: boolean;
}) => Connector = connect;

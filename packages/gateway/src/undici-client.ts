// undici's client and its connector, from their own files: the library's index also loads fetch,
// WebSocket, caches and mocks, which would be a tenth of the gateway's start.

import type { buildConnector as ConnectorBuilder, Client as UndiciClient } from 'undici';
// @ts-expect-error: the declarations are the index's alone
import connect from 'undici/lib/core/connect.js';
// @ts-expect-error: the same
import client from 'undici/lib/dispatcher/client.js';

export type Client = UndiciClient;
export const Client: typeof UndiciClient = client;
export const buildConnector: typeof ConnectorBuilder = connect;

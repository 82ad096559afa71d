import { UsageError } from '../command.ts';

export function portTaken(listen: { readonly host: string; readonly port: number }): UsageError {
  const { host, port } = listen;
  return new UsageError(`${host}:${port} is taken; choose another with --port, or 0 for any`, 3);
}

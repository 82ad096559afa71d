/** A worker could not start. `code` is that of the cause, where it has one (`EADDRINUSE`). */
export class WorkerStartError extends Error {
  readonly code: string | null;
  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'WorkerStartError';
    this.code = code;
  }
}

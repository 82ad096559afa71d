/** Traffic that cannot be read; the message names the file, and the row and column where it can. */
export class TrafficError extends Error {
  readonly code = 'ENTREPOT_TRAFFIC';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrafficError';
  }
}

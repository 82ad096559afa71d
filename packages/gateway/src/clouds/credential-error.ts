/** No credential could be had for an upstream. The message holds no part of one. */
export class CredentialError extends Error {
  readonly code = 'ENTREPOT_CREDENTIAL';
  constructor(message: string) {
    super(message);
    this.name = 'CredentialError';
  }
}

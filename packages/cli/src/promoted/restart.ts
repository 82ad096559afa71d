// What whoever promotes has to do yet.

/** What a change of what is promoted needs to be served by; the gateway reads it when it starts. */
export const restart: string =
  'A gateway that runs serves as before until it is started again: stop "entrepot serve" (SIGTERM ' +
  'lets open requests finish) and start it.';

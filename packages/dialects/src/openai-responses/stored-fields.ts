// Fields that work only on what the vendor keeps: another answer, a conversation, a prompt, or this
// answer once it is there. Only an upstream of this dialect can have kept it.

const keeping = ['previous_response_id', 'conversation', 'background', 'store'] as const;

/** A request with one of them wants its answer kept. */
export const keepingFields: readonly string[] = keeping;

export const vital: ReadonlySet<string> = new Set(
  [...keeping, 'prompt'].map(name => `extensions.${name}`),
);

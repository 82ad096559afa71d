/** Who signs what the models of this dialect think. */
export const ownIssuer = 'anthropic';

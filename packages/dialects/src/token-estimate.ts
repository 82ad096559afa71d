// How many tokens a request is likely to hold, from its bytes alone: for routing and for holding
// budget before the upstream has counted. Never shown as a count.

/** English and code run at about four bytes a token in the tokenizers of all large vendors. */
const bytesPerToken = 4;

/**
 * One picture, document or sound. Between a 1024 px picture at openai (765, "Images and vision"
 * guide) and one of a megapixel at anthropic (about 1,334: width x height / 750, "Vision" guide).
 */
const tokensPerAttachment = 1000;

/** `textBytes`: UTF-8 bytes of the text, schemas of tools included. */
export function estimateTokens(textBytes: number, attachments: number): number {
  return Math.ceil(textBytes / bytesPerToken) + attachments * tokensPerAttachment;
}

// Binary data inside JSON: data URLs as callers write them (RFC 2397, with parameters, line breaks
// and wrong names of media types) and as the canonical form wants them.

/** Splits `data:image/png;charset=x;base64,...`; null if it is not a base64 data URL. */
export function parseDataUrl(url: string): { mediaType: string; data: string } | null {
  if (!/^data:/i.test(url)) return null;
  const comma = url.indexOf(',');
  if (comma === -1) return null;
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  if (!parameters.some(parameter => parameter.trim().toLowerCase() === 'base64')) return null;
  return { mediaType: plainMediaType(mediaType), data: plainBase64(url.slice(comma + 1)) };
}

/** Lower case, without parameters; `image/jpg`, which no registry knows, becomes `image/jpeg`. */
export function plainMediaType(mediaType: string): string {
  const plain = mediaType.split(';', 1)[0]!.trim().toLowerCase();
  return plain === 'image/jpg' ? 'image/jpeg' : plain;
}

/** Base64 without the line breaks and spaces that some callers leave in it. */
export function plainBase64(data: string): string {
  return /\s/.test(data) ? data.replace(/\s+/g, '') : data;
}

// How far the plain part of a JSON string goes: up to the quote, a backslash or a control
// character. Most of a request is such text. Four bytes at once take a quarter of the time of one
// after the other.

const quote = 0x22;
const backslash = 0x5c;

const special = new Uint8Array(256);
for (let code = 0; code < 0x20; code++) special[code] = 1;
special[quote] = 1;
special[backslash] = 1;

const ones = 0x01010101;
const spaces = 0x20202020;
const quotes = 0x22222222;
const backslashes = 0x5c5c5c5c;
const highBits = 0x80808080;

/** The place of the first special byte from `at` on. `words` is a view of `bytes`. */
export function plainEnd(bytes: Uint8Array, words: DataView, at: number): number {
  const last = bytes.length - 4;
  while (at <= last && !hasSpecial(words.getInt32(at, true))) at += 4;
  while (special[bytes[at]!] === 0) at++;
  return at;
}

/**
 * Whether one of four bytes is special: never no where it is so. A byte without its high bit that
 * has it when 1 (0x20) is taken away was 0 (below 0x20); the byte above may then seem so too.
 */
function hasSpecial(word: number): boolean {
  const quoted = word ^ quotes;
  const escaped = word ^ backslashes;
  const found =
    ((word - spaces) & ~word) | ((quoted - ones) & ~quoted) | ((escaped - ones) & ~escaped);
  return (found & highBits) !== 0;
}

// Time of one matrix product by its shape: a ceiling below the data sheet's peak, less for short
// sides, whole tiles, and never faster than its operands come out of memory.

/** What a chip and its library reach. */
export interface GemmSpeed {
  /** Operations per second of the largest product. */
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Bytes of an element of the operands. */
  readonly operandBytes: number;
  /** Side at which half of the ceiling is reached, by the sum of the inverses of the sides. */
  readonly halfSide: number;
  /** Its peak over that of 16-bit products: what is not hidden weighs so much more. */
  readonly rate: number;
  /** Rows and columns are filled up to a multiple of it. */
  readonly tile: number;
}

/** Seconds of an (m x k) by (k x n) product; `count` of them side by side as one grouped kernel. */
export function gemmSeconds(speed: GemmSpeed, m: number, n: number, k: number, count = 1): number {
  const { tile } = speed;
  const rows = Math.ceil(m / tile) * tile;
  const columns = Math.ceil(n / tile) * tile;
  const flops = 2 * rows * columns * k * count;
  // Traffic that is not hidden grows with the surface of the product: operands, narrow as they are,
  // with 1/m + 1/n, and a result of 16 bits with 1/k.
  const operands = (speed.operandBytes / 2) * (1 / rows + 1 / columns);
  const slow = 1 + (speed.halfSide * speed.rate * (operands + 1 / k)) / 3;
  const bytes = count * ((m * k + k * n) * speed.operandBytes + 2 * m * n);
  return Math.max((flops * slow) / speed.flopsPerSecond, bytes / speed.bytesPerSecond);
}

/**
 * Time of two things that overlap in part: never less than the longer, near their sum only when
 * they are as long as each other. A large exponent is the textbook's sharp roofline.
 */
export function overlapped(one: number, other: number, sharpness: number): number {
  if (one <= 0) return other;
  if (other <= 0) return one;
  return (one ** sharpness + other ** sharpness) ** (1 / sharpness);
}

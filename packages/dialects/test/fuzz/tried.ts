import { DialectError } from '@entrepot/dialects/dialect';

/** The value, or undefined where the bytes are refused. */
export function tried<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof DialectError) return undefined;
    throw cause;
  }
}

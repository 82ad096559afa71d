// Paths of the canonical forms in the words of a caller.

/**
 * Makes a dialect's `fieldName`. `names` are its words for the fields of a request, by canonical
 * path; what is not there has the same name. `answer` is where its answers stand, which has no
 * places inside. Places inside messages are left out: messages are merged and split when a request
 * is read, so that their numbers are not the caller's.
 */
export function fieldNamer(
  names: Readonly<Record<string, string>>,
  answer: string,
): (canonicalPath: string) => string {
  return canonicalPath => {
    // Without a place it is the field that asks for several answers.
    if (canonicalPath.startsWith('candidates[')) return answer;
    const own = /^extensions\.(?:fields\.)?(.+)$/.exec(canonicalPath)?.[1];
    if (own !== undefined) return own;
    if (Object.hasOwn(names, canonicalPath)) return names[canonicalPath]!;
    const head = /^[^.[]*/.exec(canonicalPath)![0];
    return Object.hasOwn(names, head) ? names[head]! : head;
  };
}

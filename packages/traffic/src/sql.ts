// Names and texts as SQL writes them.

/** A column or type, whatever is in its name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function list(names: readonly string[]): string {
  return names.map(literal).join(', ');
}

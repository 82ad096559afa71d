/** Long lines stay whole, and nothing is an alias of something else. */
export const yamlStyle = { lineWidth: 0, aliasDuplicateObjects: false } as const;

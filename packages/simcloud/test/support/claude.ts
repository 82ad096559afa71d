// What the tests of Claude models send.

// A type and not an interface: the clients want types with an index.
type ObjectSchema = {
  type: 'object';
  properties: { [name: string]: { [keyword: string]: string | number } };
  required: string[];
};

export const freightSchema: ObjectSchema = {
  type: 'object',
  properties: { from: { type: 'string' }, tons: { type: 'integer', minimum: 1, maximum: 9 } },
  required: ['from', 'tons'],
};
export const emptySchema: ObjectSchema = { type: 'object', properties: {}, required: [] };

/** More than the smallest prompt that is cached. */
export const longRules: string = 'The rules of the port are long and never change. '.repeat(200);

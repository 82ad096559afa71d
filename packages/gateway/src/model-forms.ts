// What is told of a route, in the form of each API that lists models.

import type { Operation } from '@entrepot/engine/intent';
import type { GatewayRoute } from './routes.ts';

/** A name that callers may use, and what stands behind it. */
export interface ListedModel {
  readonly name: string;
  readonly route: GatewayRoute;
}

export interface ModelForm {
  one(model: ListedModel): object;
  list(models: readonly object[], page: Page): object;
}

/** Where a part of the list stands in it. */
export interface Page {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly hasMore: boolean;
}

export const openaiForm: ModelForm = {
  one: ({ name: id }) => ({ id, object: 'model', created: 0, owned_by: 'entrepot' }),
  list: data => ({ object: 'list', data }),
};

export const anthropicForm: ModelForm = {
  one: ({ name: id, route }) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '1970-01-01T00:00:00Z',
    capabilities: null,
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line: null,
    max_input_tokens: smallest(route, 'contextTokens'),
    max_tokens: smallest(route, 'maxOutputTokens'),
  }),
  list: (data, { firstName, lastName, hasMore }) => ({
    data,
    has_more: hasMore,
    first_id: firstName,
    last_id: lastName,
  }),
};

const methods: Readonly<Record<Operation, readonly string[]>> = {
  generate: ['generateContent', 'streamGenerateContent'],
  embed: ['embedContent', 'batchEmbedContents'],
  count: ['countTokens'],
};

export const geminiForm: ModelForm = {
  one: ({ name: displayName, route }) => {
    const inputTokenLimit = smallest(route, 'contextTokens');
    const outputTokenLimit = smallest(route, 'maxOutputTokens');
    return {
      name: `models/${displayName}`,
      displayName,
      ...(inputTokenLimit === null ? {} : { inputTokenLimit }),
      ...(outputTokenLimit === null ? {} : { outputTokenLimit }),
      supportedGenerationMethods: operationsOf(route).flatMap(operation => methods[operation]),
    };
  },
  list: (models, { lastName, hasMore }) => ({
    models,
    ...(hasMore ? { nextPageToken: lastName } : {}),
  }),
};

/** The least of any deployment: no request that keeps to it is refused by one of them. */
function smallest(
  { route }: GatewayRoute,
  key: 'contextTokens' | 'maxOutputTokens',
): number | null {
  const known = route.deployments.map(({ offer }) => offer[key]).filter(limit => limit !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function operationsOf({ route }: GatewayRoute): readonly Operation[] {
  const all = new Set<Operation>();
  for (const { operations } of route.deployments) {
    for (const operation of operations ?? (['generate'] as const)) all.add(operation);
  }
  return [...all];
}

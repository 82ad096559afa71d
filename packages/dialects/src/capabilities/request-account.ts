// Features of who asks, at what price, and what is kept of it.

import { blocksOf, some } from './contents.ts';
import { carriedByAll, type Group, type RequestFeature, said } from './feature.ts';
import { lossy, refused } from './verdict.ts';

const cacheMarks: RequestFeature = {
  name: 'prompt-cache breakpoints',
  said: said('messages', 'input', 'messages', 'messages', null),
  content: request =>
    some([
      ...(request.tools ?? []).flatMap(({ cache }) => cache ?? []),
      ...blocksOf(request).flatMap(block => ('cache' in block ? (block.cache ?? []) : [])),
    ]),
  to: {
    ...carriedByAll,
    'openai-chat': lossy(
      'cache',
      'the cache takes no marks here: it works by itself, if there is one',
    ),
    'openai-responses': lossy(
      'cache',
      'the cache takes no marks here: it works by itself, if there is one',
    ),
    gemini: lossy('cache', 'the cache takes no marks here: it works by itself, if there is one'),
  },
  from: {
    'anthropic-messages': {
      'bedrock-converse/nova': lossy('cache', 'the cache keeps for five minutes here'),
    },
  },
};

const cacheKey: RequestFeature = {
  name: 'prompt-cache key',
  said: said('prompt_cache_key', 'prompt_cache_key', null, null, null),
  content: ({ promptCacheKey }) => promptCacheKey,
  to: {
    ...carriedByAll,
    'openai-chat/open-weights': lossy('promptCacheKey', 'the cache has no keys here'),
    'anthropic-messages': lossy('promptCacheKey', 'the cache has no keys here'),
    'bedrock-converse': lossy('promptCacheKey', 'the cache has no keys here'),
    gemini: lossy('promptCacheKey', 'the cache has no keys here'),
  },
};

const cachedContent: RequestFeature = {
  name: 'prompt cached before',
  said: said(null, null, null, null, 'cachedContent'),
  content: ({ extensions }) => extensions?.fields.cachedContent,
  to: {
    ...carriedByAll,
    'openai-chat': refused('extensions.cachedContent', 'only {from} has this field'),
    'openai-responses': refused('extensions.cachedContent', 'only {from} has this field'),
    'anthropic-messages': refused('extensions.cachedContent', 'only {from} has this field'),
    'bedrock-converse': refused('extensions.cachedContent', 'only {from} has this field'),
  },
};

const tier: RequestFeature = {
  name: 'service tier',
  said: said('service_tier', 'service_tier', null, 'serviceTier', 'serviceTier'),
  content: ({ serviceTier }) => serviceTier,
  to: {
    ...carriedByAll,
    'anthropic-messages': refused('serviceTier', 'this tier is not known here'),
  },
};

const user: RequestFeature = {
  name: 'id of the end user',
  said: said('user', 'user', 'metadata', 'requestMetadata', null),
  content: ({ user: id }) => id,
  to: { ...carriedByAll, gemini: refused('user', 'there is no such field in this dialect') },
};

const metadata: RequestFeature = {
  name: 'metadata',
  said: said('metadata', 'metadata', null, 'requestMetadata', null),
  content: ({ metadata: labels }) => labels,
  to: {
    ...carriedByAll,
    'openai-chat': refused('metadata', 'it is taken only together with store'),
    'anthropic-messages': refused('metadata', 'nothing but the id of the user is taken along here'),
    gemini: refused('metadata', 'there is no such field in this dialect'),
  },
};

const store: RequestFeature = {
  name: 'the answer is kept',
  said: said('store', 'store', null, null, null),
  content: ({ store: isKept, extensions }) =>
    isKept === true || extensions?.fields.store === true ? true : undefined,
  to: {
    ...carriedByAll,
    'openai-chat': refused('extensions.store', 'only {from} has this field'),
    'anthropic-messages': refused('store', 'answers are not stored here'),
    'bedrock-converse': refused('store', 'answers are not stored here'),
    gemini: refused('store', 'answers are not stored here'),
  },
  from: {
    'openai-responses': {
      'anthropic-messages': refused('extensions.store', 'only {from} has this field'),
      'bedrock-converse': refused('extensions.store', 'only {from} has this field'),
      gemini: refused('extensions.store', 'only {from} has this field'),
    },
  },
};

const previous: RequestFeature = {
  name: 'an answer that this one continues',
  said: said(null, 'previous_response_id', null, null, null),
  content: ({ extensions }) => extensions?.fields.previous_response_id,
  to: {
    ...carriedByAll,
    'openai-chat': refused('extensions.previous_response_id', 'only {from} has this field'),
    'anthropic-messages': refused('extensions.previous_response_id', 'only {from} has this field'),
    'bedrock-converse': refused('extensions.previous_response_id', 'only {from} has this field'),
    gemini: refused('extensions.previous_response_id', 'only {from} has this field'),
  },
};

const citations: RequestFeature = {
  name: 'citations of documents',
  said: said(null, null, 'messages', 'messages', null),
  content: request =>
    some(blocksOf(request).flatMap(block => (block.type === 'native' ? [block.native.value] : []))),
  to: {
    ...carriedByAll,
    'openai-chat': refused('messages[].content[]', 'only {from} can carry this block'),
    'openai-responses': refused('messages[].content[]', 'only {from} can carry this block'),
    'anthropic-messages': refused('messages[].content[]', 'only {from} can carry this block'),
    'bedrock-converse': refused('messages[].content[]', 'only {from} can carry this block'),
    gemini: refused('messages[].content[]', 'only {from} can carry this block'),
  },
};

export const account: Group<RequestFeature> = {
  title: 'Caching, account, what is kept',
  features: [cacheMarks, cacheKey, cachedContent, tier, user, metadata, store, previous, citations],
};

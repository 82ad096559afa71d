// Features of tools that the caller runs, and of those that the vendor runs: what they are, how the
// model may choose, and the calls and answers of the conversation so far.

import { blocksOfType, functionsOf, some } from './contents.ts';
import { carriedByAll, type Group, type RequestFeature, said } from './feature.ts';
import { emulated, refused } from './verdict.ts';

const tools: RequestFeature = {
  name: 'tools',
  said: said('tools', 'tools', 'tools', 'toolConfig', 'tools'),
  content: request =>
    some(
      functionsOf(request).map(({ name, description, parameters }) => ({
        name,
        description,
        parameters,
      })),
    ),
  to: carriedByAll,
};

const choiceRequired: RequestFeature = choice(
  'a tool must be called',
  'required',
  said('tool_choice', 'tool_choice', 'tool_choice', 'toolConfig', 'toolConfig'),
  carriedByAll,
);

const choiceNamed: RequestFeature = choice(
  'one tool must be called',
  'named',
  said('tool_choice', 'tool_choice', 'tool_choice', 'toolConfig', 'toolConfig'),
  carriedByAll,
);

const choiceNone: RequestFeature = choice(
  'no tool may be called',
  'none',
  said('tool_choice', 'tool_choice', 'tool_choice', null, 'toolConfig'),
  {
    ...carriedByAll,
    'bedrock-converse': refused('toolChoice', 'tools can be left out, but not forbidden here'),
  },
);

const choiceAllowed: RequestFeature = choice(
  'some of the tools may be called',
  'allowed',
  said('tool_choice', 'tool_choice', null, null, 'toolConfig'),
  {
    ...carriedByAll,
    'anthropic-messages': emulated('the other tools are left out'),
    'bedrock-converse': emulated('the other tools are left out'),
  },
);

const oneAtATime: RequestFeature = {
  name: 'one call at a time',
  said: said('parallel_tool_calls', 'parallel_tool_calls', 'tool_choice', null, null),
  content: ({ parallelToolCalls }) => (parallelToolCalls === false ? true : undefined),
  to: {
    ...carriedByAll,
    'bedrock-converse': refused('parallelToolCalls', 'calls cannot be kept to one at a time here'),
    gemini: refused('parallelToolCalls', 'calls cannot be kept to one at a time here'),
  },
};

const strict: RequestFeature = {
  name: 'arguments held to their schema',
  said: said('tools', 'tools', 'tools', 'toolConfig', 'toolConfig'),
  content: request =>
    some(functionsOf(request).flatMap(({ strict }) => (strict === true ? true : []))),
  to: carriedByAll,
};

const hosted: RequestFeature = {
  name: 'tools that the vendor runs',
  said: said('web_search_options', 'tools', 'tools', 'toolConfig', 'tools'),
  content: ({ tools = [], extensions }) =>
    some([
      ...tools.flatMap(({ native }) => native?.value ?? []),
      ...[extensions?.fields.web_search_options ?? []].flat(),
    ]),
  to: {
    ...carriedByAll,
    'openai-chat': refused('tools[]', 'only {from} can carry this tool'),
    'openai-responses': refused('tools[]', 'only {from} can carry this tool'),
    'anthropic-messages': refused('tools[]', 'only {from} can carry this tool'),
    'bedrock-converse': refused('tools[]', 'only {from} can carry this tool'),
    gemini: refused('tools[]', 'only {from} can carry this tool'),
  },
  from: {
    'openai-chat': {
      'openai-responses': refused('extensions.web_search_options', 'only {from} has this field'),
      'anthropic-messages': refused('extensions.web_search_options', 'only {from} has this field'),
      'bedrock-converse': refused('extensions.web_search_options', 'only {from} has this field'),
      gemini: refused('extensions.web_search_options', 'only {from} has this field'),
    },
  },
};

const calls: RequestFeature = {
  name: 'several calls of one turn',
  said: said('messages', 'input', 'messages', 'messages', 'contents'),
  content: request => some(callsOf(request)),
  to: carriedByAll,
};

const emptyCall: RequestFeature = {
  name: 'a call without arguments',
  said: said('messages', 'input', 'messages', 'messages', 'contents'),
  content: request => some(callsOf(request).filter(([, input]) => input === '{}')),
  to: carriedByAll,
};

const results: RequestFeature = {
  name: 'answers of tools',
  said: said('messages', 'input', 'messages', 'messages', 'contents'),
  content: request =>
    some(
      blocksOfType(request, 'tool_result').map(({ content }) =>
        content.filter(({ type }) => type === 'text').map(block => ({ ...block, item: undefined })),
      ),
    ),
  to: carriedByAll,
};

const failedResults: RequestFeature = {
  name: 'answers of tools that failed',
  said: said(null, null, 'messages', 'messages', 'contents'),
  content: request =>
    some(
      blocksOfType(request, 'tool_result').flatMap(({ isError, content }) =>
        isError ? [content] : [],
      ),
    ),
  to: {
    ...carriedByAll,
    'openai-chat': emulated('the text begins with "Error: "'),
    'openai-responses': emulated('the text begins with "Error: "'),
  },
};

const imageResults: RequestFeature = {
  name: 'answers of tools with pictures',
  said: said(null, 'input', 'messages', 'messages', 'contents'),
  content: request =>
    some(
      blocksOfType(request, 'tool_result').flatMap(({ content }) =>
        content.flatMap(block => (block.type === 'image' ? [block.source] : [])),
      ),
    ),
  to: {
    ...carriedByAll,
    'openai-chat': refused(
      'messages[].content[].content[]',
      'a tool answers with text only here, not image',
    ),
    'gemini/2.5': refused(
      'messages[].content[].content[]',
      'a function answers with text only here, not image',
    ),
  },
};

export const toolUse: Group<RequestFeature> = {
  title: 'Tools',
  features: [
    tools,
    choiceRequired,
    choiceNamed,
    choiceNone,
    choiceAllowed,
    oneAtATime,
    strict,
    hosted,
    calls,
    emptyCall,
    results,
    failedResults,
    imageResults,
  ],
};

function choice(
  name: string,
  type: 'required' | 'named' | 'none' | 'allowed',
  fields: RequestFeature['said'],
  to: RequestFeature['to'],
  from?: RequestFeature['from'],
): RequestFeature {
  return {
    name,
    said: fields,
    content: ({ toolChoice }) => (toolChoice?.type === type ? toolChoice : undefined),
    to,
    ...(from === undefined ? {} : { from }),
  };
}

/** Name and arguments of each call, as canonical JSON. */
function callsOf(request: Parameters<RequestFeature['content']>[0]): readonly [string, string][] {
  return blocksOfType(request, 'tool_call').map(({ name, argumentsJson }) => [
    name,
    JSON.stringify(JSON.parse(argumentsJson || '{}')),
  ]);
}

// Features of what is no text: pictures, documents, sound.

import type { Source } from '../canonical.ts';
import { blocksOf, blocksOfType, some } from './contents.ts';
import { carriedByAll, type Group, type RequestFeature, said } from './feature.ts';
import { emulated, lossy, refused } from './verdict.ts';

const nameless = 'this document has no name here';

const parts = said('messages', 'input', 'messages', 'messages', 'contents');
const withoutUrls = said('messages', 'input', 'messages', null, 'contents');

const imageData: RequestFeature = media(
  'pictures, as data',
  'image',
  'base64',
  parts,
  carriedByAll,
);

const imageUrl: RequestFeature = media('pictures, by URL', 'image', 'url', withoutUrls, {
  ...carriedByAll,
  'bedrock-converse': refused(
    'messages[].content[]',
    'the bytes of this image must be in the request here',
  ),
});

const imageFile: RequestFeature = media(
  'pictures, by file id',
  'image',
  'file-id',
  said(null, 'input', 'messages', null, null),
  {
    ...carriedByAll,
    'openai-chat': refused('messages[].content[]', 'an image is sent as base64 or as a URL here'),
    'bedrock-converse': refused(
      'messages[].content[]',
      'the bytes of this image must be in the request here',
    ),
    gemini: refused(
      'messages[].content[]',
      'a file is named by its URI here, and this is an id of another service',
    ),
  },
);

const imageDetail: RequestFeature = {
  name: 'how closely to look at a picture',
  said: said('messages', 'input', null, null, null),
  content: request =>
    some(
      blocksOfType(request, 'image').flatMap(({ detail }) =>
        detail && detail !== 'auto' ? detail : [],
      ),
    ),
  to: {
    ...carriedByAll,
    'anthropic-messages': lossy(
      'messages[].content[].detail',
      'a picture has no detail of its own in this dialect',
    ),
    'bedrock-converse': lossy(
      'messages[].content[].detail',
      'a picture has no detail of its own in this dialect',
    ),
    gemini: lossy(
      'messages[].content[].detail',
      'a picture has no detail of its own in this dialect',
    ),
  },
};

const pdf: RequestFeature = media(
  'PDF documents, as data',
  'document',
  'base64',
  parts,
  carriedByAll,
  {
    'bedrock-converse': {
      gemini: lossy('messages[].content[].name', nameless),
    },
  },
);

const documentUrl: RequestFeature = media(
  'documents, by URL',
  'document',
  'url',
  said(null, 'input', 'messages', null, 'contents'),
  {
    ...carriedByAll,
    'openai-chat': refused(
      'messages[].content[]',
      'a document is sent as base64 or as a file id here',
    ),
    'bedrock-converse': refused(
      'messages[].content[]',
      'the bytes of this document must be in the request here',
    ),
  },
);

const documentFile: RequestFeature = media(
  'documents, by file id',
  'document',
  'file-id',
  said('messages', 'input', 'messages', null, null),
  {
    ...carriedByAll,
    'bedrock-converse': refused(
      'messages[].content[]',
      'the bytes of this document must be in the request here',
    ),
    gemini: refused(
      'messages[].content[]',
      'a file is named by its URI here, and this is an id of another service',
    ),
  },
);

const documentText: RequestFeature = media(
  'documents of plain text',
  'document',
  'text',
  said(null, null, 'messages', 'messages', null),
  {
    ...carriedByAll,
    'openai-chat': emulated('as a text of the user'),
    'openai-responses': emulated('as a text of the user'),
    'bedrock-converse': emulated('as the bytes of a text file'),
    gemini: emulated('as a text of the user'),
  },
  {
    'bedrock-converse': {
      'openai-chat': lossy('messages[].content[].name', nameless),
      'openai-responses': lossy('messages[].content[].name', nameless),
      gemini: lossy('messages[].content[].name', nameless),
    },
  },
);

const documentName: RequestFeature = {
  name: 'names of documents',
  said: said('messages', 'input', 'messages', 'messages', null),
  content: request =>
    some(blocksOfType(request, 'document').flatMap(({ name }) => (name === undefined ? [] : name))),
  to: {
    ...carriedByAll,
    gemini: lossy('messages[].content[].name', nameless),
  },
};

const audio: RequestFeature = media(
  'sound',
  'audio',
  'base64',
  said('messages', null, null, 'messages', 'contents'),
  {
    ...carriedByAll,
    'openai-responses': refused('messages[].content[]', 'there is no sound in this dialect'),
    'anthropic-messages': refused(
      'messages[].content[]',
      'there is no place for a block of type audio here',
    ),
  },
);

const film: RequestFeature = {
  name: 'films',
  said: said(null, null, null, 'messages', 'contents'),
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

export const attachments: Group<RequestFeature> = {
  title: 'Pictures, documents, sound',
  features: [
    imageData,
    imageUrl,
    imageFile,
    imageDetail,
    pdf,
    documentUrl,
    documentFile,
    documentText,
    documentName,
    audio,
    film,
  ],
};

function media(
  name: string,
  type: 'image' | 'document' | 'audio',
  kind: Source['kind'],
  fields: RequestFeature['said'],
  to: RequestFeature['to'],
  from?: RequestFeature['from'],
): RequestFeature {
  return {
    name,
    said: fields,
    content: request =>
      some(
        blocksOfType(request, type)
          .map(({ source }) => source)
          .filter(source => source.kind === kind)
          .map(plain),
      ),
    to,
    ...(from === undefined ? {} : { from }),
  };
}

/** A URL is the same whether its media type is told or found out. */
function plain(source: Source): unknown {
  return source.kind === 'url' ? source.url : source;
}

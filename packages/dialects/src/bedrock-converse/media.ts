// Formats of pictures, documents and sounds in the words of Converse, and their media types.

type Formats = Readonly<Record<string, string>>;

const images: Formats = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

const documents: Formats = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
  txt: 'text/plain',
  md: 'text/markdown',
};

const sounds: Formats = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  m4a: 'audio/mp4',
  webm: 'audio/webm',
};

/** Other names of the same, which callers use. */
const aliases: Formats = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
};

export type MediaKind = 'image' | 'document' | 'audio';

const formats: Readonly<Record<MediaKind, Formats>> = {
  image: images,
  document: documents,
  audio: sounds,
};

export function mediaTypeOf(kind: MediaKind, format: string): string | undefined {
  return Object.hasOwn(formats[kind], format) ? formats[kind][format] : undefined;
}

export function formatOf(kind: MediaKind, mediaType: string): string | undefined {
  const plain = Object.hasOwn(aliases, mediaType) ? aliases[mediaType] : mediaType;
  return Object.entries(formats[kind]).find(([, type]) => type === plain)?.[0];
}

// Canonical samples of the features of pictures, documents and sound.

import { ask, type Samples } from './body.ts';

const png = 'iVBORw0KGgo=';
const pdf = 'JVBERi0xLjQK';
const wav = 'UklGRgAAAAA=';
const picture = 'https://example.com/cat.png';
const paper = 'https://example.com/paper.pdf';

export const mediaSamples: Samples = {
  'pictures, as data': {
    'openai-chat': ask.chat({
      type: 'image_url',
      image_url: { url: `data:image/png;base64,${png}` },
    }),
    'openai-responses': ask.responses({
      type: 'input_image',
      image_url: `data:image/png;base64,${png}`,
    }),
    'anthropic-messages': ask.messages({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: png },
    }),
    'bedrock-converse': ask.converse({ image: { format: 'png', source: { bytes: png } } }),
    gemini: ask.gemini({ inlineData: { mimeType: 'image/png', data: png } }),
  },
  'pictures, by URL': {
    'openai-chat': ask.chat({ type: 'image_url', image_url: { url: picture } }),
    'openai-responses': ask.responses({ type: 'input_image', image_url: picture }),
    'anthropic-messages': ask.messages({ type: 'image', source: { type: 'url', url: picture } }),
    gemini: ask.gemini({ fileData: { mimeType: 'image/png', fileUri: picture } }),
  },
  'pictures, by file id': {
    'openai-responses': ask.responses({ type: 'input_image', file_id: 'file-1' }),
    'anthropic-messages': ask.messages({ type: 'image', source: { type: 'file', file_id: 'f1' } }),
  },
  'how closely to look at a picture': {
    'openai-chat': ask.chat({
      type: 'image_url',
      image_url: { url: `data:image/png;base64,${png}`, detail: 'low' },
    }),
    'openai-responses': ask.responses({
      type: 'input_image',
      image_url: `data:image/png;base64,${png}`,
      detail: 'low',
    }),
  },
  'PDF documents, as data': {
    'openai-chat': ask.chat({
      type: 'file',
      file: { file_data: `data:application/pdf;base64,${pdf}` },
    }),
    'openai-responses': ask.responses({
      type: 'input_file',
      file_data: `data:application/pdf;base64,${pdf}`,
    }),
    'anthropic-messages': ask.messages({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: pdf },
    }),
    'bedrock-converse': ask.converse({
      document: { format: 'pdf', name: 'paper', source: { bytes: pdf } },
    }),
    gemini: ask.gemini({ inlineData: { mimeType: 'application/pdf', data: pdf } }),
  },
  'documents, by URL': {
    'openai-responses': ask.responses({ type: 'input_file', file_url: paper }),
    'anthropic-messages': ask.messages({ type: 'document', source: { type: 'url', url: paper } }),
    gemini: ask.gemini({ fileData: { mimeType: 'application/pdf', fileUri: paper } }),
  },
  'documents, by file id': {
    'openai-chat': ask.chat({ type: 'file', file: { file_id: 'file-1' } }),
    'openai-responses': ask.responses({ type: 'input_file', file_id: 'file-1' }),
    'anthropic-messages': ask.messages({
      type: 'document',
      source: { type: 'file', file_id: 'file-1' },
    }),
  },
  'documents of plain text': {
    'anthropic-messages': ask.messages({
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'once upon a time' },
    }),
    'bedrock-converse': ask.converse({
      document: { format: 'txt', name: 'tale', source: { text: 'once upon a time' } },
    }),
  },
  'names of documents': {
    'openai-chat': ask.chat({
      type: 'file',
      file: { filename: 'paper', file_data: `data:application/pdf;base64,${pdf}` },
    }),
    'openai-responses': ask.responses({
      type: 'input_file',
      filename: 'paper',
      file_data: `data:application/pdf;base64,${pdf}`,
    }),
    'anthropic-messages': ask.messages({
      type: 'document',
      title: 'paper',
      source: { type: 'base64', media_type: 'application/pdf', data: pdf },
    }),
    'bedrock-converse': ask.converse({
      document: { format: 'pdf', name: 'paper', source: { bytes: pdf } },
    }),
  },
  sound: {
    'openai-chat': ask.chat({ type: 'input_audio', input_audio: { data: wav, format: 'wav' } }),
    'bedrock-converse': ask.converse({ audio: { format: 'wav', source: { bytes: wav } } }),
    gemini: ask.gemini({ inlineData: { mimeType: 'audio/wav', data: wav } }),
  },
  films: {
    'bedrock-converse': ask.converse({ video: { format: 'mp4', source: { bytes: 'AAAA' } } }),
    gemini: ask.gemini({ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }),
  },
};

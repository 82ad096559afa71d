// Words for answers: the same for the same random source. One word counts as one token.

import { type Random, randomFrom } from '../random.ts';
import type { Piece } from './answer.ts';

const vocabulary = (
  'the of and a to in is that for it was on are as with at by from this have or one had not but ' +
  'what all were when there can more if no time out so said may some then now any new work part ' +
  'take place years live back give most very after things our just name good great think say help ' +
  'low line before turn cause same mean differ move right old too does tell sentence set three ' +
  'want air well also play small end put home read hand port large spell add even land here must ' +
  'big high such follow act why ask men change went light kind off need house picture try us again ' +
  'animal point mother world near build self earth father cargo harbour ship freight quay tide'
).split(' ');

const tapeWords = 4096;
/** A fixed walk through the vocabulary; an answer starts anywhere on it. */
const tape = makeTape();

function makeTape(): string[] {
  const random = randomFrom('words');
  const word = (): string => vocabulary[Math.floor(random() * vocabulary.length)]!;
  return Array.from({ length: tapeWords }, word);
}

/** `tokens` words in pieces of `perPiece`; the first piece has no leading space. */
export function wordPieces(random: Random, tokens: number, perPiece: number): Piece[] {
  const pieces: Piece[] = [];
  let at = Math.floor(random() * tapeWords);
  for (let left = tokens; left > 0; left -= perPiece) {
    const count = Math.min(left, perPiece);
    let text = pieces.length === 0 ? '' : ' ';
    for (let i = 0; i < count; i++) {
      text += (i === 0 ? '' : ' ') + tape[at]!;
      at = (at + 1) % tapeWords;
    }
    pieces.push({ text, tokens: count });
  }
  return pieces;
}

const charactersPerToken = 4;

/** A text that must stay whole (JSON), in pieces of about `perPiece` tokens. */
export function textPieces(text: string, perPiece: number): Piece[] {
  const pieces: Piece[] = [];
  const step = perPiece * charactersPerToken;
  for (let at = 0; at < text.length; ) {
    // Half of a surrogate pair is no text.
    const end = at + step + (isHighSurrogate(text.charCodeAt(at + step - 1)) ? 1 : 0);
    const part = text.slice(at, end);
    pieces.push({ text: part, tokens: Math.ceil(part.length / charactersPerToken) });
    at = end;
  }
  return pieces;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

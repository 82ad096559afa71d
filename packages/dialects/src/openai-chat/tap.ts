import type { TapOptions } from '../dialect.ts';
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { OpenaiChunkTap } from '../openai-chunk-tap.ts';
import { textOfContent, thinkingText } from './response-decode.ts';

/** Beside a stream of Chat Completions. */
export function openaiChatTap(options: TapOptions): OpenaiChunkTap {
  return new OpenaiChunkTap(options, choice => {
    const delta = objectAt(choice, 'delta');
    return delta !== undefined && hasContent(delta);
  });
}

const listKeys = ['tool_calls', 'thinking_blocks'];

function hasContent(delta: JsonObject): boolean {
  if (textOfContent(delta.content) !== '' || thinkingText(delta) !== '') return true;
  if (stringAt(delta, 'refusal')) return true;
  if (listKeys.some(key => arrayAt(delta, key).length > 0)) return true;
  return isObject(delta.function_call) || isObject(delta.audio);
}

/// <reference types="custom-functions-runtime" />
import type { LocalText } from '../../shared/language.ts';
import { cellLanguage } from './connection.ts';

/** What the formula must be mended for: #VALUE! with words. Excel shows words for #VALUE! and #N/A alone, so #NUM! would be mute. */
export function formulaFault(words: LocalText): CustomFunctions.Error {
  return new CustomFunctions.Error(CustomFunctions.ErrorCode.invalidValue, words[cellLanguage()]);
}

/** What these figures cannot tell: #N/A with words. */
export function notComputable(words: LocalText): CustomFunctions.Error {
  return new CustomFunctions.Error(CustomFunctions.ErrorCode.notAvailable, words[cellLanguage()]);
}

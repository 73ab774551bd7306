import { z } from 'zod';

/** The two languages of the people who run tasks. Russian comes first. */
export const languages = ['ru', 'en'] as const;
export type Language = (typeof languages)[number];
export const language = z.enum(languages);

/** One text in both languages. Data that has only one form (a partner's name) repeats it. */
export const localText = z.strictObject({ ru: z.string(), en: z.string() });
export type LocalText = z.infer<typeof localText>;

/** The same words in both languages: for names that come from data. */
export function sameText(text: string): LocalText {
  return { ru: text, en: text };
}

/** The language of an `Accept-Language` header, of Office or of a browser; English unless Russian comes first. */
export function languageOf(tag: string | undefined): Language {
  return tag !== undefined && /^\s*(ru|be|kk|uk)(?![a-z])/i.test(tag) ? 'ru' : 'en';
}

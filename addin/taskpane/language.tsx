import { createContext, useContext } from 'react';
import type { Language, LocalText } from '../../shared/language.ts';
import { words, type Words } from './words.ts';

const LanguageContext = createContext<Language>('en');
export const LanguageProvider = LanguageContext.Provider;

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The pane's words in the person's language. */
export function useWords(): Words {
  return words[useLanguage()];
}

/** Picks the person's language out of a text that came in both. */
export function useLocal(): (text: LocalText) => string {
  const language = useLanguage();
  return (text) => text[language];
}

import { useEffect, useState } from 'react';
import type { Option } from '../../shared/fields/choice.ts';
import type { FieldView } from '../../shared/form.ts';
import type { Language } from '../../shared/language.ts';
import type { OptionsLoader } from './widget.ts';

export type OptionsState = { state: 'loading' } | { state: 'ready'; options: Option[]; more: boolean } | { state: 'failed' } | { state: 'missing' };

const typingPauseMilliseconds = 250;

function matches(option: Option, search: string, language: Language): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/ё/g, 'е');
  return plain(`${option.label[language]} ${option.hint ?? ''}`).includes(plain(search.trim()));
}

/** Options that fit what is typed: fixed ones are sifted here, others by the server once the typing pauses. */
export function useOptions(field: FieldView, loader: OptionsLoader, { search, wanted, language }: { search: string; wanted: boolean; language: Language }): OptionsState {
  const [found, setFound] = useState<OptionsState>({ state: 'loading' });
  const missing = loader.missing.length > 0;
  useEffect(() => {
    if (!field.optionsFromQuery || !wanted || missing) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      loader.load(search.trim(), abort.signal).then(
        ({ options, more }) => { setFound({ state: 'ready', options, more }); },
        () => { if (!abort.signal.aborted) setFound({ state: 'failed' }); },
      );
    }, search === '' ? 0 : typingPauseMilliseconds);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [field.optionsFromQuery, loader.key, search, wanted, missing]);
  if (!field.optionsFromQuery) return { state: 'ready', options: (field.options ?? []).filter((option) => matches(option, search, language)), more: false };
  return missing ? { state: 'missing' } : found;
}

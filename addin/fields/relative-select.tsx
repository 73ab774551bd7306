import { Select } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { relativeWord, type RelativeWord } from '../../shared/relative-period.ts';
import { useLanguage, useWords } from '../taskpane/language.tsx';
import { relativeWordNames } from '../taskpane/words.ts';
import type { ControlAttributes } from './widget.ts';

interface RelativeSelectProps {
  offered: RelativeWord[];
  /** A word, a value of one's own, or nothing yet. */
  chosen: RelativeWord | 'own' | undefined;
  ownLabel: string;
  required: boolean;
  control: ControlAttributes;
  onChoose: (chosen: RelativeWord | 'own' | undefined) => void;
}

/** Periods and days by name, and the way to give one's own. */
export function RelativeSelect({ offered, chosen, ownLabel, required, control, onChoose }: RelativeSelectProps): ReactElement {
  const words = useWords();
  const language = useLanguage();
  const shown = chosen !== undefined && chosen !== 'own' && !offered.includes(chosen) ? [chosen, ...offered] : offered;
  return (
    <Select {...control} value={chosen ?? ''} onChange={(_, { value }) => { onChoose(value === '' ? undefined : value === 'own' ? 'own' : relativeWord.parse(value)); }}>
      {(chosen === undefined || !required) && <option value="">{words.noPeriod}</option>}
      {shown.map((word) => <option key={word} value={word}>{relativeWordNames[word][language]}</option>)}
      <option value="own">{ownLabel}</option>
    </Select>
  );
}

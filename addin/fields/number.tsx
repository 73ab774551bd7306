import { Input } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { numberText, parseNumber } from '../../shared/fields/number.ts';
import type { Language } from '../../shared/language.ts';
import { useLanguage, useLocal } from '../taskpane/language.tsx';
import type { ControlAttributes, WidgetProps } from './widget.ts';

type Typed = number | string;

/** A number as this language writes it; what is not a number stays as typed. */
export function shownNumber(value: Typed | undefined | null, language: Language): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'number' ? numberText(value) : value;
  return language === 'ru' && parseNumber(text) === text ? text.replace('.', ',') : text;
}

interface NumberInputProps {
  value: Typed | undefined | null;
  onChange: (value: Typed | undefined) => void;
  control: ControlAttributes & { 'aria-label'?: string };
  placeholder?: string;
  decimals: number;
}

/** Keeps what is typed, also while it is no number yet; the check says so. */
export function NumberInput({ value, onChange, control, placeholder, decimals }: NumberInputProps): ReactElement {
  const language = useLanguage();
  const [typed, setTyped] = useState<string>();
  const meant = typed === undefined || (parseNumber(typed) ?? typed) !== (value === undefined || value === null ? '' : String(value)) ? shownNumber(value, language) : typed;
  return (
    <Input
      {...control}
      style={{ minWidth: 0 }}
      inputMode={decimals === 0 ? 'numeric' : 'decimal'}
      autoComplete="off"
      placeholder={placeholder}
      value={meant}
      onChange={(_, data) => {
        setTyped(data.value);
        onChange(data.value.trim() === '' ? undefined : (parseNumber(data.value) ?? data.value));
      }}
    />
  );
}

export function NumberWidget({ field, settings, value, onChange, control }: WidgetProps<'number'>): ReactElement {
  const local = useLocal();
  return <NumberInput value={value} onChange={onChange} control={control} decimals={settings.decimals} placeholder={field.placeholder && local(field.placeholder)} />;
}

import { Switch } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useWords } from '../taskpane/language.tsx';
import type { WidgetProps } from './widget.ts';

export function ToggleWidget({ value, onChange, control }: WidgetProps<'toggle'>): ReactElement {
  const words = useWords();
  return <Switch {...control} checked={value === true} label={{ children: value === true ? words.yes : words.no, 'aria-hidden': true, htmlFor: control.id }} onChange={(_, { checked }) => { onChange(checked); }} />;
}

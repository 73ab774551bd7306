import { Input, Textarea } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useLocal } from '../taskpane/language.tsx';
import type { WidgetProps } from './widget.ts';

export function TextWidget({ field, settings, value, onChange, control }: WidgetProps<'text'>): ReactElement {
  const local = useLocal();
  const placeholder = field.placeholder === undefined ? undefined : local(field.placeholder);
  const change = (_: unknown, data: { value: string }): void => { onChange(data.value); };
  return settings.multiline ? (
    <Textarea {...control} rows={4} resize="vertical" placeholder={placeholder} value={value ?? ''} onChange={change} />
  ) : (
    <Input {...control} placeholder={placeholder} value={value ?? ''} onChange={change} />
  );
}

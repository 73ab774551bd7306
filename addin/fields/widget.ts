import type { ReactElement } from 'react';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { FieldKindName, SettingsOf, ValueOf } from '../../shared/fields/index.ts';
import type { FieldView, OptionsAnswer } from '../../shared/form.ts';
import type { UploadView } from '../../shared/upload.ts';

/** Attributes that tie a control to its label, help and fault; to be put on the control that takes the focus. */
export interface ControlAttributes {
  id?: string;
  'aria-labelledby'?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean | 'true' | 'false' | 'grammar' | 'spelling';
  'aria-required'?: boolean;
}

export interface WidgetProps<K extends FieldKindName> {
  field: FieldView;
  settings: SettingsOf<K>;
  /** As entered so far; may not pass the kind's check yet. */
  value: ValueOf<K> | undefined;
  onChange: (value: ValueOf<K> | undefined) => void;
  control: ControlAttributes;
  context: FieldContext;
  options: OptionsLoader;
  /** Cells that are selected in the sheet, as pasted text; absent outside Excel. */
  readSelection?: () => Promise<string>;
  /** The same as a table with its heading, for a file; absent outside Excel. */
  readTable?: () => Promise<SelectedTable>;
  uploads: UploadCalls;
}

/** Cells of a sheet as comma-separated text, called after where they stand. */
export interface SelectedTable {
  name: string;
  csv: string;
}

/** Gives a file to the server, and asks about one that was given. */
export interface UploadCalls {
  send: (file: Blob, name: string, signal: AbortSignal) => Promise<UploadView>;
  view: (id: string, signal: AbortSignal) => Promise<UploadView>;
}

/** Options of a choice from the server. `key` changes when a field that they depend on does. */
export interface OptionsLoader {
  key: string;
  /** Labels of the fields that have to be filled in first. */
  missing: string[];
  load: (search: string, signal: AbortSignal) => Promise<OptionsAnswer>;
}

/** Draws one kind of field. */
export type Widget<K extends FieldKindName> = (props: WidgetProps<K>) => ReactElement;

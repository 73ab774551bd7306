import { Field, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { fieldKindOf, type FieldKindName } from '../../shared/fields/index.ts';
import type { AnyValue, FieldView, FormValues } from '../../shared/form.ts';
import { widgets } from '../fields/index.ts';
import type { OptionsLoader, SelectedTable, UploadCalls, Widget } from '../fields/widget.ts';
import { submittedValues, visibleFields, type Faults } from './form-values.ts';
import { useLocal, useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', gap: '14px' },
  optional: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

interface FormFieldsProps {
  taskId: string;
  fields: FieldView[];
  values: FormValues;
  faults: Faults;
  context: FieldContext;
  readSelection?: () => Promise<string>;
  readTable?: () => Promise<SelectedTable>;
  onChange: (name: string, value: AnyValue | undefined) => void;
  /** The person left a field. */
  onLeave: (field: FieldView) => void;
}

/** Draws any form: one widget per kind of field, never a component per task. */
export function FormFields(form: FormFieldsProps): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.fields}>
      {visibleFields(form.fields, form.values).map((field) => <OneField key={field.name} field={field} form={form} />)}
    </div>
  );
}

/** A widget with its kind forgotten; safe because the value is the one that this same kind's widget gave. */
function widgetOf(kind: FieldKindName): Widget<FieldKindName> {
  return widgets[kind] as unknown as Widget<FieldKindName>;
}

type WidgetValue = Parameters<Widget<FieldKindName>>[0]['value'];
type WidgetSettings = Parameters<Widget<FieldKindName>>[0]['settings'];

function OneField({ field, form }: { field: FieldView; form: FormFieldsProps }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const options = useOptionsLoader(field, form);
  const uploads = useUploads();
  const Drawn = widgetOf(field.kind);
  const fault = form.faults[field.name];
  const optional = !field.required && field.kind !== 'toggle';
  return (
    <div
      data-field={field.name}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) form.onLeave(field);
      }}
    >
      <Field
        label={{ children: <>{local(field.label)}{optional && <span className={styles.optional}> · {words.optional}</span>}</> }}
        hint={field.help === undefined ? undefined : local(field.help)}
        validationMessage={fault === undefined ? undefined : local(fault)}
        validationState={fault === undefined ? 'none' : 'error'}
      >
        {(control) => (
          <Drawn
            field={field}
            settings={fieldKindOf(field.kind).settings.parse(field.settings) as WidgetSettings}
            value={(form.values[field.name] ?? undefined) as WidgetValue}
            onChange={(value) => { form.onChange(field.name, value); }}
            control={{ ...control, 'aria-required': field.required }}
            context={form.context}
            options={options}
            readSelection={form.readSelection}
            readTable={form.readTable}
            uploads={uploads}
          />
        )}
      </Field>
    </div>
  );
}

function useUploads(): UploadCalls {
  const { backend } = usePane();
  return {
    send: async (file, name, signal) => (await backend.call('upload', { query: { name }, file, signal })).upload,
    view: async (id, signal) => (await backend.call('uploaded', { params: { id }, signal })).upload,
  };
}

function useOptionsLoader(field: FieldView, { taskId, fields, values }: FormFieldsProps): OptionsLoader {
  const local = useLocal();
  const { backend } = usePane();
  const sent = submittedValues(fields, values);
  const needed = fields.filter(({ name }) => field.dependsOn.includes(name));
  return {
    key: JSON.stringify(needed.map(({ name }) => sent[name] ?? null)),
    missing: needed.filter(({ name, required }) => required && sent[name] === undefined).map(({ label }) => local(label)),
    load: (search, signal) => backend.call('options', { params: { id: taskId, field: field.name }, body: { values: sent, ...(search === '' ? {} : { search }) }, signal }),
  };
}

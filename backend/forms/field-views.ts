import { z } from 'zod';
import type { Option } from '../../shared/fields/choice.ts';
import type { FieldView } from '../../shared/form.ts';
import type { Field, SqlOption, Task } from '../catalog/task.ts';

const jsonSettings = z.record(z.string(), z.json());

/** The form as the pane draws it. No text of a query leaves the server. */
export function fieldViews(task: Pick<Task, 'fields'>): FieldView[] {
  return task.fields.map(fieldView);
}

function fieldView(field: Field): FieldView {
  return {
    name: field.name,
    kind: field.kind,
    label: field.label,
    required: field.required,
    settings: jsonSettings.parse(JSON.parse(JSON.stringify(field.settings))),
    optionsFromQuery: field.optionsQuery !== undefined,
    dependsOn: field.dependsOn,
    ...(field.help === undefined ? {} : { help: field.help }),
    ...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.visibleWhen === undefined ? {} : { visibleWhen: field.visibleWhen }),
    ...(field.options === undefined ? {} : { options: field.options.map(withoutSql) }),
    ...(field.defaultQuery === undefined ? {} : { defaultFromQuery: true }),
  };
}

/** An option without the analyst's SQL. */
export function withoutSql({ value, label, hint }: SqlOption): Option {
  return hint === undefined ? { value, label } : { value, label, hint };
}

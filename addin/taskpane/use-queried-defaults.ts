import { useEffect, useRef } from 'react';
import type { AnyValue, FieldView, FormValues } from '../../shared/form.ts';
import type { TaskDetail } from '../../shared/task.ts';
import { submittedValues } from './form-values.ts';
import { usePane } from './pane-context.tsx';

/** Fields that open with a value from a query: asked for when they are empty and what they depend on is filled in or changes. */
export function useQueriedDefaults(task: TaskDetail, values: FormValues, onDefault: (name: string, value: AnyValue) => void): void {
  const { backend } = usePane();
  const asked = useRef(new Map<string, string>());
  const latest = useRef(onDefault);
  latest.current = onDefault;
  const sent = submittedValues(task.fields, values);
  const due = task.fields.filter((field) => field.defaultFromQuery === true && values[field.name] === undefined && neededFilled(task, field, sent));
  const key = JSON.stringify(due.map((field) => [field.name, field.dependsOn.map((name) => sent[name] ?? null)]));
  useEffect(() => {
    const abort = new AbortController();
    for (const field of due) {
      const question = JSON.stringify(field.dependsOn.map((name) => sent[name] ?? null));
      if (asked.current.get(field.name) === question) continue;
      backend.call('options', { params: { id: task.id, field: field.name }, body: { values: sent }, signal: abort.signal }).then(
        (answer) => {
          // Asked once for the same question: a person who then empties the field means it.
          asked.current.set(field.name, question);
          if (answer.default !== undefined && answer.default !== null) latest.current(field.name, answer.default);
        },
        // Without its default the field is simply empty, as the person sees.
        () => undefined,
      );
    }
    return () => { abort.abort(); };
  }, [key]);
}

function neededFilled(task: TaskDetail, field: FieldView, sent: FormValues): boolean {
  return task.fields.every(({ name, required }) => !field.dependsOn.includes(name) || !required || sent[name] !== undefined);
}

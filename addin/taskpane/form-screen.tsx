import { Button, Link, Spinner, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { CompanyAnswer } from '../../shared/api.ts';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { FieldView, FormValues } from '../../shared/form.ts';
import type { Problem } from '../../shared/problem.ts';
import { todayIn } from '../../shared/relative-period.ts';
import type { TaskDetail } from '../../shared/task.ts';
import { AskDialog } from './ask-dialog.tsx';
import { readSelectedTable, readSelection } from '../sheet/index.ts';
import { FormFields } from './form-fields.tsx';
import { beyondLoaded, defaultValues, faultOf, faultsOf, knownValues, submittedValues, withValue, type Faults } from './form-values.ts';
import { momentWords } from './cell-words.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { asProblem, useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { useStaffWords } from './staff-words.ts';
import { Notice, ProblemBar, WhenLoaded } from './states.tsx';
import { UnknownEntries } from './unknown-entries.tsx';
import { useQueriedDefaults } from './use-queried-defaults.ts';

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  tools: { display: 'flex', flexWrap: 'wrap', gap: '4px 16px', alignItems: 'baseline' },
});

/** One task's form, opened with the given values, what was typed before, or its defaults. */
export function FormScreen({ taskId, given }: { taskId: string; given?: FormValues }): ReactElement {
  const local = useLocal();
  const { backend } = usePane();
  const { loaded, reload } = useLoaded(`task ${taskId}`, (signal) => backend.call('task', { params: { id: taskId }, signal }));
  if (loaded.state === 'ready' && loaded.value.status !== 'retired') return <Form task={loaded.value} given={given} />;
  return (
    <Frame title={loaded.state === 'ready' ? local(loaded.value.title) : ' '}>
      <WhenLoaded loaded={loaded} onRetry={reload}>{(task) => <Retired task={task} />}</WhenLoaded>
    </Frame>
  );
}

function Retired({ task }: { task: TaskDetail }): ReactElement {
  const words = useWords();
  const { navigation } = usePane();
  const { replacedBy } = task;
  return (
    <>
      <Notice intent="warning">{words.retiredTask}</Notice>
      {replacedBy === undefined ? (
        <AskDialog appearance="primary" taskId={task.id} />
      ) : (
        <Button appearance="primary" onClick={() => { navigation.replace({ name: 'form', taskId: replacedBy }); }}>{words.openReplacement}</Button>
      )}
    </>
  );
}

type Sending = { state: 'editing'; problem?: Problem } | { state: 'sending' } | { state: 'unknown'; entries: Record<string, string[]>; faults: Faults };

function Form({ task, given }: { task: TaskDetail; given: FormValues | undefined }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const staff = useStaffWords();
  const local = useLocal();
  const { backend, company, drafts, host, navigation } = usePane();
  const language = useLanguage();
  const context = contextNow(company);
  const [values, setValues] = useState<FormValues>(() => drafts.get(task.id) ?? (given === undefined ? defaultValues(task.fields) : knownValues(given, task.fields)));
  const [faults, setFaults] = useState<Faults>({});
  const [sending, setSending] = useState<Sending>({ state: 'editing' });
  const [toFocus, setToFocus] = useState<FieldView>();
  const form = useRef<HTMLFormElement>(null);
  // Once the fault is drawn, so that it is in sight too.
  useEffect(() => {
    if (toFocus === undefined) return;
    focusField(form.current, toFocus.name);
    setToFocus(undefined);
  }, [toFocus]);

  const change = (next: FormValues, stillFaulty: Faults): void => {
    drafts.set(task.id, next);
    setValues(next);
    setFaults(stillFaulty);
  };
  const show = (found: Faults): void => {
    setFaults(found);
    setToFocus(task.fields.find(({ name }) => found[name] !== undefined));
  };
  const leave = (field: FieldView): void => {
    // An empty field that was only passed through is no fault until the form is sent.
    const value = values[field.name];
    const fault = value === undefined ? null : faultOf(field, value, context);
    setFaults(({ [field.name]: before, ...others }) => (fault !== null ? { ...others, [field.name]: fault } : before !== undefined && value === undefined ? { ...others, [field.name]: before } : others));
  };
  const submit = async (unknown: 'ask' | 'leaveOut'): Promise<void> => {
    const found = faultsOf(task.fields, values, context);
    if (Object.keys(found).length > 0) {
      show(found);
      return;
    }
    setSending({ state: 'sending' });
    try {
      const { run } = await backend.call('submit', { params: { id: task.id }, body: { values: submittedValues(task.fields, values), locale: language, unknown } });
      navigation.open({ name: 'run', runId: run.id, toSheet: host.excel });
    } catch (error) {
      const problem = asProblem(error);
      const refused = problem.fields ?? {};
      if (problem.unknown !== undefined && mayLeaveOut(problem.unknown, refused, values)) {
        setSending({ state: 'unknown', entries: problem.unknown, faults: refused });
        return;
      }
      setSending({ state: 'editing', ...(Object.keys(refused).length > 0 ? {} : { problem }) });
      show(refused);
    }
  };
  useQueriedDefaults(task, values, (name, value) => { change(withValue(task.fields, values, { name, value }), faults); });
  const asOf = task.fresh?.until;
  const faultCount = Object.keys(faults).length;
  const late = beyondLoaded(task, values, context);
  return (
    <Frame
      title={local(task.title)}
      foot={
        <>
          {faultCount > 0 && <Text size={200} role="status" style={{ color: tokens.colorPaletteRedForeground1 }}>{words.fixFields(faultCount)}</Text>}
          <Button appearance="primary" size="large" type="submit" form="task-form" disabledFocusable={sending.state === 'sending'} icon={sending.state === 'sending' ? <Spinner size="tiny" /> : undefined}>
            {sending.state === 'sending' ? words.starting : host.excel ? words.runToSheet : words.run}
          </Button>
        </>
      }
    >
      {local(task.description) !== '' && <Text className={styles.quiet}>{local(task.description)}</Text>}
      <div className={styles.tools}>
        {asOf !== undefined && asOf !== null && <Text size={200} className={styles.quiet}>{words.dataAsOf(momentWords(asOf, company.timeZone, language))}</Text>}
        {task.lastValues !== undefined && task.fields.length > 0 && (
          <Link as="button" type="button" onClick={() => { change(knownValues(task.lastValues ?? {}, task.fields), {}); }}>{words.asLastTime}</Link>
        )}
      </div>
      {sending.state === 'editing' && sending.problem !== undefined && <ProblemBar problem={sending.problem} />}
      <form
        id="task-form"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit('ask');
        }}
      >
        {task.failedCheck !== undefined && <Notice intent="warning" title={staff.checkFailed}>{task.failedCheck.faults.slice(0, 3).join(' ')}</Notice>}
        {task.fields.length === 0 && <Text>{words.noFields}</Text>}
        <FormFields
          taskId={task.id}
          fields={task.fields}
          values={values}
          faults={faults}
          context={context}
          readSelection={host.excel ? readSelection : undefined}
          readTable={host.excel ? readSelectedTable : undefined}
          onChange={(name, value) => {
            const { [name]: mended, ...others } = faults;
            void mended;
            change(withValue(task.fields, values, { name, value }), others);
          }}
          onLeave={leave}
        />
      </form>
      {late !== 'no' && asOf !== undefined && asOf !== null && (
        <Notice intent={task.needsComplete ? 'error' : 'warning'}>
          {late === 'future' ? words.notYet : (task.needsComplete ? words.notLoadedRefused : words.notLoaded)(momentWords(asOf, company.timeZone, language))}
        </Notice>
      )}
      {sending.state === 'unknown' && (
        <UnknownEntries
          entries={sending.entries}
          fields={task.fields}
          onLeaveOut={() => { void submit('leaveOut'); }}
          onCorrect={() => {
            setSending({ state: 'editing' });
            show(sending.faults);
          }}
        />
      )}
    </Frame>
  );
}

/** A pane may stay open over midnight, so the day is not only what it was at the start. */
function contextNow({ timeZone, today }: CompanyAnswer): FieldContext {
  const now = todayIn(timeZone, new Date());
  return { zone: timeZone, today: now > today ? now : today };
}

/** The server refused nothing but some entries of lists: the person decides about those. */
function mayLeaveOut(unknown: Record<string, string[]>, refused: Faults, values: FormValues): boolean {
  return Object.keys(refused).every((name) => {
    const entries = values[name];
    return Array.isArray(entries) && unknown[name] !== undefined && unknown[name].length < new Set(entries).size;
  });
}

function focusField(form: HTMLFormElement | null, name: string): void {
  const place = form?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
  place?.querySelector<HTMLElement>('input, textarea, select, button')?.focus();
  place?.scrollIntoView({ block: 'center' });
}

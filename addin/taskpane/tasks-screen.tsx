import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Badge, Button, SearchBox, Text, makeStyles, tokens } from '@fluentui/react-components';
import { Star20Filled, Star20Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { TaskSummary } from '../../shared/task.ts';
import { AskDialog } from './ask-dialog.tsx';
import { Frame } from './frame.tsx';
import { useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { RecallNotices } from './recall-notices.tsx';
import { useStaffWords } from './staff-words.ts';
import { Empty, WhenLoaded } from './states.tsx';
import { findTasks } from './task-search.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column' },
  heading: { margin: '4px 0 2px', color: tokens.colorNeutralForeground2 },
  row: { display: 'flex', alignItems: 'center', gap: '2px', borderRadius: tokens.borderRadiusMedium, ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  open: {
    flexGrow: 1, minWidth: 0, display: 'flex', flexDirection: 'column', alignItems: 'stretch', textAlign: 'start', gap: '1px', padding: '7px 8px',
    border: 0, background: 'none', font: 'inherit', color: 'inherit', cursor: 'pointer', borderRadius: tokens.borderRadiusMedium,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  title: { display: 'flex', gap: '6px', alignItems: 'center', flexWrap: 'wrap' },
  description: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, display: '-webkit-box', WebkitLineClamp: 2, WebkitBoxOrient: 'vertical', overflow: 'hidden' },
  star: { flexShrink: 0 },
  starred: { color: tokens.colorBrandForeground1 },
  count: { marginLeft: 'auto', color: tokens.colorNeutralForeground2 },
  search: { width: '100%', maxWidth: 'none', flexShrink: 0 },
  foot: { display: 'flex', flexWrap: 'wrap', gap: '4px' },
  header: { '& button': { paddingLeft: '4px', paddingRight: '8px' } },
  panel: { margin: 0 },
});

/** All that this person may run: what they marked, what they used, then by group. */
export function TasksScreen(): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const staff = useStaffWords();
  const { backend, navigation, person, search } = usePane();
  const [typed, setTyped] = useState(search.current);
  const { loaded, reload, replace } = useLoaded('tasks', async (signal) => (await backend.call('tasks', { signal })).tasks);
  const hasExperiments = loaded.state === 'ready' && loaded.value.some(({ kind }) => kind === 'experiment');
  const mark = async (tasks: TaskSummary[], { id, favourite }: TaskSummary): Promise<void> => {
    const marked = (value: boolean): TaskSummary[] => tasks.map((task) => (task.id === id ? { ...task, favourite: value } : task));
    replace(marked(!favourite));
    try {
      await backend.call('favourite', { params: { id }, body: { favourite: !favourite } });
    } catch {
      replace(marked(favourite));
    }
  };
  return (
    <Frame
      title={words.tasks}
      back={false}
      foot={
        <div className={styles.foot}>
          <Button appearance="subtle" onClick={() => { navigation.open({ name: 'history' }); }}>{words.history}</Button>
          {hasExperiments && <Button appearance="subtle" onClick={() => { navigation.open({ name: 'experiments' }); }}>{words.experiments}</Button>}
          <Button appearance="subtle" onClick={() => { navigation.open({ name: 'questions' }); }}>{person.may.includes('author') ? staff.requests : words.questions}</Button>
        </div>
      }
    >
      <RecallNotices />
      <SearchBox
        className={styles.search}
        placeholder={words.findTask}
        aria-label={words.findTask}
        dismiss={{ 'aria-label': words.clearSearch }}
        value={typed}
        onChange={(_, { value }) => {
          search.current = value;
          setTyped(value);
        }}
      />
      <WhenLoaded loaded={loaded} onRetry={reload} lines={10}>
        {(tasks) => {
          const onMark = (task: TaskSummary): void => { void mark(tasks, task); };
          if (tasks.length === 0) return <NoTasks />;
          return typed.trim() === '' ? <ByGroup tasks={tasks} onMark={onMark} /> : <Found tasks={findTasks(tasks, typed)} typed={typed} onMark={onMark} />;
        }}
      </WhenLoaded>
    </Frame>
  );
}

function NoTasks(): ReactElement {
  const words = useWords();
  return (
    <Empty title={words.noTasks} hint={words.noTasksHint}>
      <AskDialog appearance="primary" />
    </Empty>
  );
}

interface ListProps {
  tasks: TaskSummary[];
  onMark: (task: TaskSummary) => void;
}

function Found({ tasks, typed, onMark }: ListProps & { typed: string }): ReactElement {
  const words = useWords();
  if (tasks.length === 0)
    return (
      <Empty title={words.nothingFound} hint={words.nothingFoundHint}>
        <AskDialog appearance="primary" text={typed.trim()} />
      </Empty>
    );
  return <Section heading={words.foundTasks(tasks.length)} tasks={tasks} onMark={onMark} live />;
}

const recentCount = 4;
/** More tasks than that would be a long list: only the first group stands open then. */
const fewTasks = 12;

function ByGroup({ tasks, onMark }: ListProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const favourites = tasks.filter(({ favourite }) => favourite);
  const recent = tasks
    .filter(({ favourite, lastRunAt }) => !favourite && lastRunAt !== undefined)
    .sort((one, other) => (other.lastRunAt ?? '').localeCompare(one.lastRunAt ?? ''))
    .slice(0, recentCount);
  const groups = [...new Map(tasks.map((task) => [task.group, task.groupTitle])).entries()];
  return (
    <>
      {favourites.length > 0 && <Section heading={words.favourites} tasks={favourites} onMark={onMark} />}
      {recent.length > 0 && <Section heading={words.recent} tasks={recent} onMark={onMark} />}
      <Accordion multiple collapsible defaultOpenItems={groups.slice(0, tasks.length <= fewTasks ? undefined : 1).map(([group]) => group)}>
        {groups.map(([group, title]) => {
          const members = tasks.filter((task) => task.group === group);
          return (
            <AccordionItem key={group} value={group}>
              <AccordionHeader as="h2" expandIconPosition="start" className={styles.header}>
                <Text weight="semibold">{local(title)}</Text>
                <span className={styles.count}>{members.length}</span>
              </AccordionHeader>
              <AccordionPanel className={styles.panel}>
                {members.map((task) => <TaskRow key={task.id} task={task} onMark={onMark} />)}
              </AccordionPanel>
            </AccordionItem>
          );
        })}
      </Accordion>
    </>
  );
}

function Section({ heading, tasks, onMark, live = false }: ListProps & { heading: string; live?: boolean }): ReactElement {
  const styles = useStyles();
  return (
    <section className={styles.section}>
      <Text as="h2" size={200} weight="semibold" className={styles.heading} role={live ? 'status' : undefined}>{heading}</Text>
      {tasks.map((task) => <TaskRow key={task.id} task={task} onMark={onMark} />)}
    </section>
  );
}

function TaskRow({ task, onMark }: { task: TaskSummary; onMark: (task: TaskSummary) => void }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const { navigation } = usePane();
  const title = local(task.title);
  return (
    <div className={styles.row}>
      <button type="button" className={styles.open} onClick={() => { navigation.open({ name: 'form', taskId: task.id }); }}>
        <span className={styles.title}>
          <Text>{title}</Text>
          {task.status === 'draft' && <Badge appearance="tint" color="informative" size="small">{words.draft}</Badge>}
          {task.status === 'retired' && <Badge appearance="tint" color="warning" size="small">{words.retired}</Badge>}
        </span>
        {local(task.description) !== '' && <span className={styles.description}>{local(task.description)}</span>}
      </button>
      <Button
        className={styles.star}
        appearance="subtle"
        size="small"
        aria-pressed={task.favourite}
        icon={task.favourite ? <Star20Filled className={styles.starred} /> : <Star20Regular />}
        aria-label={task.favourite ? words.removeFavourite(title) : words.addFavourite(title)}
        onClick={() => { onMark(task); }}
      />
    </div>
  );
}

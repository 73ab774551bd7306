import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { CompanyAnswer, SessionAnswer } from '../../shared/api.ts';
import type { FormValues } from '../../shared/form.ts';
import { BlocksScreen } from './blocks-screen.tsx';
import { ExperimentsScreen } from './experiments-screen.tsx';
import { FormScreen } from './form-screen.tsx';
import { HistoryScreen } from './history-screen.tsx';
import { PaneProvider, type Navigation, type Pane, type Screen } from './pane-context.tsx';
import { PlannerScreen } from './planner/planner-screen.tsx';
import { QuestionsScreen } from './questions-screen.tsx';
import { ResultSide } from './result-side.tsx';
import { onRefreshRequest } from './ribbon.ts';
import { RunScreen } from './run-screen.tsx';
import { AlertsScreen } from './alerts-screen.tsx';
import { SourcesScreen } from './sources-screen.tsx';
import { TasksScreen } from './tasks-screen.tsx';
import { useWide } from './theme.ts';

const useStyles = makeStyles({
  wide: { display: 'grid', gridTemplateColumns: '380px minmax(0, 1fr)', height: '100%' },
  left: { height: '100%', minHeight: 0, borderRight: `1px solid ${tokens.colorNeutralStroke2}` },
  only: { height: '100%' },
});

interface SignedInProps {
  company: CompanyAnswer;
  person: SessionAnswer['person'] | undefined;
  parts: Pick<Pane, 'backend' | 'host' | 'signOut' | 'signOutEverywhere' | 'switchLanguage'>;
  /** The sign-in page while there is no session; the place in the pane is kept behind it. */
  gate: ReactElement | undefined;
}

/** Holds where the person is and what they typed; both outlive a lost session, neither outlives another person. */
export function SignedIn({ company, person, parts, gate }: SignedInProps): ReactElement {
  const styles = useStyles();
  const wide = useWide();
  const [stack, setStack] = useState<Screen[]>([{ name: 'tasks' }]);
  const [shownResult, showResult] = useState<Pane['shownResult']>();
  const drafts = useRef(new Map<string, FormValues>());
  const search = useRef('');
  const whose = useRef(person?.id);
  useEffect(() => {
    if (person === undefined || whose.current === person.id) return;
    if (whose.current !== undefined) {
      drafts.current.clear();
      search.current = '';
      setStack([{ name: 'tasks' }]);
    }
    whose.current = person.id;
  }, [person]);
  useEffect(() => {
    let requests = 0;
    return onRefreshRequest((scope) => {
      requests += 1;
      const request = requests;
      setStack((screens) => [...screens.filter(({ name }) => name !== 'blocks'), { name: 'blocks', refresh: scope, request }]);
    });
  }, []);
  if (gate !== undefined || person === undefined) return gate ?? <></>;
  const navigation: Navigation = {
    open: (screen) => { setStack((screens) => [...screens.filter((one) => one.name !== screen.name || screen.name === 'form' || screen.name === 'run'), screen]); },
    replace: (screen) => { setStack((screens) => [...screens.slice(0, -1), screen]); },
    back: () => { setStack((screens) => (screens.length > 1 ? screens.slice(0, -1) : screens)); },
  };
  const pane: Pane = { ...parts, company, person, navigation, drafts: drafts.current, search, shownResult, showResult };
  const screen = stack[stack.length - 1] ?? { name: 'tasks' };
  const current = <Current key={screenKey(screen, stack.length)} screen={screen} />;
  return (
    <PaneProvider value={pane}>
      {wide ? (
        <div className={styles.wide}>
          <div className={styles.left}>{current}</div>
          <ResultSide runId={screen.name === 'run' ? screen.runId : undefined} />
        </div>
      ) : (
        <div className={styles.only}>{current}</div>
      )}
    </PaneProvider>
  );
}

function screenKey(screen: Screen, depth: number): string {
  if (screen.name === 'form') return `form ${screen.taskId} ${depth}`;
  if (screen.name === 'blocks') return `blocks ${screen.request ?? 0}`;
  return screen.name === 'run' ? `run ${screen.runId}` : screen.name;
}

function Current({ screen }: { screen: Screen }): ReactElement {
  switch (screen.name) {
    case 'tasks':
      return <TasksScreen />;
    case 'form':
      return <FormScreen taskId={screen.taskId} given={screen.values} />;
    case 'run':
      return <RunScreen runId={screen.runId} toSheet={screen.toSheet} before={screen.before} />;
    case 'history':
      return <HistoryScreen />;
    case 'experiments':
      return <ExperimentsScreen />;
    case 'planner':
      return <PlannerScreen />;
    case 'questions':
      return <QuestionsScreen />;
    case 'alerts':
      return <AlertsScreen />;
    case 'sources':
      return <SourcesScreen />;
    case 'blocks':
      return <BlocksScreen refresh={screen.refresh} />;
  }
}

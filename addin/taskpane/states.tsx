import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, Skeleton, SkeletonItem, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { RefusedProblem } from '../backend.ts';
import { useLocal, useWords } from './language.tsx';
import type { Loaded } from './loaded.ts';

const useStyles = makeStyles({
  empty: { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: '8px', padding: '24px 0' },
  hint: { color: tokens.colorNeutralForeground2 },
  skeleton: { display: 'flex', flexDirection: 'column', gap: '14px', paddingTop: '8px' },
  bar: { flexShrink: 0 },
});

/** Grey lines where content is about to be. */
export function Waiting({ lines }: { lines: number }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  return (
    <Skeleton aria-label={words.loading} className={styles.skeleton}>
      {Array.from({ length: lines }, (_, line) => (
        <SkeletonItem key={line} size={line % 3 === 0 ? 24 : 16} style={{ width: line % 3 === 2 ? '60%' : '100%' }} />
      ))}
    </Skeleton>
  );
}

interface ProblemBarProps {
  problem: Problem;
  onRetry?: () => void;
}

/** What went wrong and what to do; the reference is there for whoever is asked for help. */
export function ProblemBar({ problem, onRetry }: ProblemBarProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  return (
    <MessageBar intent="error" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        {local(problem.text)}
        {problem instanceof RefusedProblem && problem.code === 'internal' && <> {words.reference(problem.reference)}</>}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{words.tryAgain}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

interface EmptyProps {
  title: string;
  hint: string;
  children?: ReactNode;
}

/** A state at rest with nothing to show: what it means and the one thing to do. */
export function Empty({ title, hint, children }: EmptyProps): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.empty} role="status">
      <Text as="h2" size={400} weight="semibold" style={{ margin: 0 }}>{title}</Text>
      <Text className={styles.hint}>{hint}</Text>
      {children}
    </div>
  );
}

interface WhenLoadedProps<T> {
  loaded: Loaded<T>;
  onRetry: () => void;
  lines?: number;
  children: (value: T) => ReactNode;
}

export function WhenLoaded<T>({ loaded, onRetry, lines = 8, children }: WhenLoadedProps<T>): ReactElement {
  switch (loaded.state) {
    case 'loading':
      return <Waiting lines={lines} />;
    case 'failed':
      return <ProblemBar problem={loaded.problem} onRetry={onRetry} />;
    case 'ready':
      return <>{children(loaded.value)}</>;
  }
}

/** A short message inside a screen. */
export function Notice({ intent, title, children }: { intent: 'info' | 'success' | 'warning' | 'error'; title?: string; children: ReactNode }): ReactElement {
  const styles = useStyles();
  return (
    <MessageBar intent={intent} layout="multiline" className={styles.bar}>
      <MessageBarBody>
        {title !== undefined && <MessageBarTitle>{title}</MessageBarTitle>}
        {children}
      </MessageBarBody>
    </MessageBar>
  );
}

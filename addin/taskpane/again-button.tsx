import { Button } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Run } from '../../shared/run.ts';
import { usePane } from './pane-context.tsx';

/** Back to the form with this run's values, as they were entered. */
export function AgainButton({ run, label, appearance = 'primary' }: { run: Run; label: string; appearance?: 'primary' | 'secondary' | 'subtle' }): ReactElement {
  const { navigation, drafts } = usePane();
  return (
    <Button
      size={appearance === 'primary' ? 'large' : 'medium'}
      appearance={appearance}
      onClick={() => {
        drafts.delete(run.provenance.taskId);
        navigation.replace({ name: 'form', taskId: run.provenance.taskId, values: run.values });
      }}
    >
      {label}
    </Button>
  );
}

import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ChevronLeft24Regular, MoreHorizontal24Regular } from '@fluentui/react-icons';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useAlertWords } from './alerts-words.ts';
import { useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';
import { useStaffWords } from './staff-words.ts';

const useStyles = makeStyles({
  frame: { display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 },
  head: { display: 'flex', flexShrink: 0, alignItems: 'center', gap: '4px', padding: '8px 8px 4px 12px', minHeight: '40px', boxSizing: 'border-box' },
  // Excel's own menu covers 34 × 32 px of the top right corner.
  headInExcel: { paddingRight: '42px' },
  title: { flexGrow: 1, minWidth: 0, margin: 0, outlineStyle: 'none', overflow: 'hidden', textOverflow: 'ellipsis', display: '-webkit-box', WebkitLineClamp: 2, WebkitBoxOrient: 'vertical' },
  body: { flexGrow: 1, minHeight: 0, overflowY: 'auto', overflowX: 'hidden', position: 'relative', padding: '4px 12px 16px', display: 'flex', flexDirection: 'column', gap: '12px' },
  foot: { flexShrink: 0, display: 'flex', flexDirection: 'column', gap: '8px', padding: '10px 12px', borderTop: `1px solid ${tokens.colorNeutralStroke2}`, backgroundColor: tokens.colorNeutralBackground1 },
});

interface FrameProps {
  title: string;
  /** False on the first screen. */
  back?: boolean;
  foot?: ReactNode;
  children: ReactNode;
}

/** One screen: a heading with the way back, what scrolls, and the main button that never does. */
export function Frame({ title, back = true, foot, children }: FrameProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { navigation, host } = usePane();
  const heading = useRef<HTMLHeadingElement>(null);
  // A new screen is announced by its heading; without this the keyboard would start from nowhere.
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <div className={styles.frame}>
      <header className={mergeClasses(styles.head, host.excel && styles.headInExcel)}>
        {back && (
          <Button appearance="subtle" icon={<ChevronLeft24Regular />} aria-label={words.back} title={words.back} onClick={() => { navigation.back(); }} />
        )}
        <Text as="h1" size={400} weight="semibold" className={styles.title} ref={heading} tabIndex={-1} title={title}>{title}</Text>
        <PaneMenu />
      </header>
      <main className={styles.body}>{children}</main>
      {foot !== undefined && <footer className={styles.foot}>{foot}</footer>}
    </div>
  );
}

function PaneMenu(): ReactElement {
  const words = useWords();
  const staff = useStaffWords();
  const alertWords = useAlertWords();
  const { navigation, signOut, signOutEverywhere, switchLanguage, person, host } = usePane();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<MoreHorizontal24Regular />} aria-label={words.menu} title={words.menu} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => { navigation.open({ name: 'history' }); }}>{words.history}</MenuItem>
          {host.excel && <MenuItem onClick={() => { navigation.open({ name: 'blocks' }); }}>{words.blocks}</MenuItem>}
          <MenuItem onClick={() => { navigation.open({ name: 'questions' }); }}>{person.may.includes('author') ? staff.requests : words.questions}</MenuItem>
          {(person.may.includes('author') || person.may.includes('operate')) && <MenuItem onClick={() => { navigation.open({ name: 'alerts' }); }}>{alertWords.alerts}</MenuItem>}
          {person.may.includes('operate') && <MenuItem onClick={() => { navigation.open({ name: 'sources' }); }}>{staff.sources}</MenuItem>}
          {host.excel && <MenuItem onClick={() => { host.openOutside(new URL('/taskpane.html', window.location.href).href); }}>{words.openInBrowser}</MenuItem>}
          <MenuItem onClick={switchLanguage} lang={words.switchLanguage === 'English' ? 'en' : 'ru'}>{words.switchLanguage}</MenuItem>
          <MenuItem onClick={signOut} secondaryContent={person.id.split('@')[0]}>{words.signOut}</MenuItem>
          <MenuItem onClick={() => { void signOutEverywhere(); }} subText={words.signOutEverywhereHint}>{words.signOutEverywhere}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

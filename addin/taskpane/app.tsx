import { FluentProvider, makeStyles, tokens, useFocusFinders } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement } from 'react';
import { language as languageSchema, type Language } from '../../shared/language.ts';
import type { Host } from './host.ts';
import { LanguageProvider } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { useSession } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { SignedIn } from './signed-in.tsx';
import { WhenLoaded } from './states.tsx';
import { storedIn } from './stored.ts';
import { useTheme } from './theme.ts';
import { connectFunctions } from '../functions/index.ts';

const useStyles = makeStyles({
  // Not on the provider: it hands its class on to every popup.
  page: { height: '100%', position: 'relative', overflow: 'auto', backgroundColor: tokens.colorNeutralBackground1 },
  start: { padding: '16px', maxWidth: '480px', margin: '0 auto' },
});

/** The pane: language and theme, then sign-in, then the screens. */
export function App({ host }: { host: Host }): ReactElement {
  const styles = useStyles();
  const stored = storedIn(() => localStorage, host.storagePrefix);
  const [language, setLanguage] = useState<Language>(() => languageSchema.safeParse(stored.read('language')).data ?? host.language);
  const { session, backend, signedIn, signOut, signOutEverywhere } = useSession(host.storagePrefix, language);
  const company = useLoaded('company', (signal) => backend.call('company', { signal }));
  const switchLanguage = (): void => {
    const next = language === 'ru' ? 'en' : 'ru';
    stored.write('language', next);
    setLanguage(next);
  };
  useEffect(() => {
    if (!host.excel) return;
    connectFunctions(async (calls, signal) => (await backend.call('functions', { body: { calls, locale: language }, signal })).results, () => language);
  }, [backend, language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <FluentProvider theme={useTheme(host)} style={{ height: '100%' }}>
      <div className={styles.page}>
      <FocusManagement />
      <LanguageProvider value={language}>
        {company.loaded.state !== 'ready' ? (
          <div className={styles.start}>
            <WhenLoaded loaded={company.loaded} onRetry={company.reload}>{() => null}</WhenLoaded>
          </div>
        ) : (
          <SignedIn
            company={company.loaded.value}
            person={session.state === 'signedIn' ? session.answer.person : session.lost}
            parts={{ backend, host, signOut, signOutEverywhere, switchLanguage }}
            gate={
              session.state === 'signedOut' ? (
                <SignIn backend={backend} company={company.loaded.value} lost={session.lost !== undefined} onSignedIn={signedIn} onSwitchLanguage={switchLanguage} />
              ) : undefined
            }
          />
        )}
      </LanguageProvider>
      </div>
    </FluentProvider>
  );
}

/**
 * Keeps Fluent's focus management alive between screens. When its last user leaves the page with a dialog still open,
 * it would go without showing again what the dialog had hidden from assistive technology: the whole pane.
 */
function FocusManagement(): null {
  useFocusFinders();
  return null;
}

import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger, Field, Input, Select, Text, makeStyles, tokens } from '@fluentui/react-components';
import { Link20Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import { z } from 'zod';
import type { Problem } from '../../shared/problem.ts';
import { linkFormats, type LinkAnswer, type LinkFormat, type Run } from '../../shared/run.ts';
import { momentWords } from './cell-words.ts';
import { copyText } from './file-links.ts';
import { useLanguage, useWords } from './language.tsx';
import { focusNow } from './focus-now.ts';
import { asProblem, useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { Notice, ProblemBar } from './states.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '12px' },
  links: { listStyleType: 'none', margin: '4px 0 0', padding: 0, display: 'flex', flexDirection: 'column', gap: '8px' },
  link: { display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: '8px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const hour = 3600;
const day = 24 * hour;
const expiries = [hour, day, 7 * day, 30 * day];
const usualExpiry = 7 * day;

type Made = { state: 'asking'; problem?: Problem } | { state: 'making' } | { state: 'made'; link: LinkAnswer; copied: boolean } | { state: 'revoked' };

/** A link for somebody else: which file, for how long, and the way to take it back. */
export function LinkDialog({ run, result }: { run: Run; result: string | undefined }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const { backend } = usePane();
  const [made, setMade] = useState<Made>({ state: 'asking' });
  const [wanted, setWanted] = useState<{ format: LinkFormat; expiresIn: number; partner: boolean }>({ format: 'xlsx', expiresIn: usualExpiry, partner: false });
  const make = async (): Promise<void> => {
    setMade({ state: 'making' });
    try {
      const body = { ...wanted, partner: wanted.partner && wanted.format === 'xlsx', locale: language, ...(result === undefined || wanted.format === 'xlsx' ? {} : { result }) };
      const link = await backend.call('link', { params: { id: run.id }, body });
      const url = new URL(link.url, window.location.href).href;
      setMade({ state: 'made', link: { ...link, url }, copied: await copyText(url) });
    } catch (error) {
      setMade({ state: 'asking', problem: asProblem(error) });
    }
  };
  const revoke = async (link: LinkAnswer): Promise<void> => {
    try {
      await backend.call('revokeLink', { params: { id: link.id } });
      setMade({ state: 'revoked' });
    } catch (error) {
      setMade({ state: 'asking', problem: asProblem(error) });
    }
  };
  return (
    <Dialog onOpenChange={(_, { open }) => { if (open) setMade({ state: 'asking' }); }}>
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<Link20Regular />}>{words.link}</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.linkTitle}</DialogTitle>
          <DialogContent className={styles.form}>
            {made.state === 'asking' && made.problem !== undefined && <ProblemBar problem={made.problem} />}
            {made.state === 'revoked' ? (
              <Notice intent="success">{words.linkRevoked}</Notice>
            ) : made.state === 'made' ? (
              <MadeLink made={made} />
            ) : (
              <>
                <LinkChoice wanted={wanted} onChange={setWanted} />
                <WorkingLinks run={run} />
              </>
            )}
          </DialogContent>
          <DialogActions>
            {(made.state === 'asking' || made.state === 'making') && (
              <Button appearance="primary" disabledFocusable={made.state === 'making'} onClick={() => { void make(); }}>{words.makeLink}</Button>
            )}
            {made.state === 'made' && <Button appearance="primary" onClick={() => { void copyText(made.link.url).then((copied) => { setMade({ ...made, copied }); }); }}>{words.copyLink}</Button>}
            {made.state === 'made' && <Button onClick={() => { void revoke(made.link); }}>{words.revokeLink}</Button>}
            <DialogTrigger disableButtonEnhancement><Button key={made.state} ref={made.state === 'revoked' ? focusNow : undefined}>{words.close}</Button></DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

type Wanted = { format: LinkFormat; expiresIn: number; partner: boolean };

function LinkChoice({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }): ReactElement {
  const words = useWords();
  const names: Record<LinkFormat, string> = { xlsx: words.xlsx, csv: words.csvExcel, 'csv-systems': words.csvSystems };
  return (
    <>
      <Text>{words.linkText}</Text>
      <Field label={words.linkFormat}>
        <Select value={wanted.format} onChange={(_, { value }) => { onChange({ ...wanted, format: z.enum(linkFormats).parse(value) }); }}>
          {linkFormats.map((format) => <option key={format} value={format}>{names[format]}</option>)}
        </Select>
      </Field>
      <Field label={words.linkExpiry}>
        <Select value={wanted.expiresIn} onChange={(_, { value }) => { onChange({ ...wanted, expiresIn: Number(value) }); }}>
          {expiries.map((seconds) => <option key={seconds} value={seconds}>{seconds < day ? words.oneHour : words.days(seconds / day)}</option>)}
        </Select>
      </Field>
      {wanted.format === 'xlsx' && <Checkbox label={words.forPartner} checked={wanted.partner} onChange={(_, { checked }) => { onChange({ ...wanted, partner: checked === true }); }} />}
    </>
  );
}

function MadeLink({ made }: { made: Extract<Made, { state: 'made' }> }): ReactElement {
  const words = useWords();
  const language = useLanguage();
  const { company } = usePane();
  return (
    <>
      <Notice intent="success">{made.copied ? words.linkCopied : words.linkReady}</Notice>
      <Field label={words.link} hint={words.linkUntil(momentWords(made.link.expiresAt, company.timeZone, language))}>
        <Input ref={focusNow} readOnly value={made.link.url} onFocus={(event) => { event.currentTarget.select(); }} />
      </Field>
    </>
  );
}

/** Links to this run that were given away before, each with the way to take it back. */
function WorkingLinks({ run }: { run: Run }): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const { backend, company } = usePane();
  const { loaded, reload } = useLoaded(`links ${run.id}`, (signal) => backend.call('links', { params: { id: run.id }, signal }));
  const [problem, setProblem] = useState<Problem>();
  const names: Record<LinkFormat, string> = { xlsx: words.xlsx, csv: words.csvExcel, 'csv-systems': words.csvSystems };
  if (loaded.state !== 'ready' || loaded.value.links.length === 0) return null;
  const revoke = (id: string): void => {
    setProblem(undefined);
    backend.call('revokeLink', { params: { id } }).then(reload, (error: unknown) => { setProblem(asProblem(error)); });
  };
  return (
    <section aria-label={words.linksMade}>
      <Text weight="semibold">{words.linksMade}</Text>
      {problem !== undefined && <ProblemBar problem={problem} />}
      <ul className={styles.links}>
        {loaded.value.links.map((link) => (
          <li key={link.id} className={styles.link}>
            <span>
              {link.partner ? `${names[link.format]}, ${words.forPartner}` : names[link.format]}
              <Text block size={200} className={styles.quiet}>{`${words.linkUntil(momentWords(link.expiresAt, company.timeZone, language))} · ${words.linkDownloads(link.downloads)}`}</Text>
            </span>
            <Button size="small" onClick={() => { revoke(link.id); }}>{words.revokeLink}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

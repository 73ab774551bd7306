import { z } from 'zod';
import { Problem } from '../../shared/problem.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { brokenSource } from './broken-source.ts';
import { operatorKinds, sourceKinds } from './index.ts';
import { environmentNames, isSecret, withEnvironment } from './secret.ts';
import type { OwnView } from './own-view.ts';
import type { SourceLedger } from './source-ledger.ts';
import type { Source, SourceKind, SourceLanguage } from './source.ts';

/** Settings of one source, as the catalog has checked them. */
export interface NamedSettings {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
}

/** What sources come from: settings that may change while the product runs. */
export interface SourceSettingsList {
  sources(): NamedSettings[];
  onChange(listener: () => void): () => void;
}

export interface OpenSources extends ReadonlyMap<string, Source> {
  /** Changes when a source's settings do, or what they take from the environment; secrets are left out. */
  settingsOf(name: string): string;
  /** The kind that the settings name; '' for a source that is not there. */
  kindOf(name: string): string;
  close(): Promise<void>;
}

/** What all sources are opened with. */
export interface OpenSourcesParts {
  workbench: Workbench;
  timeZone: string;
  ledger?: SourceLedger;
  /** What the source `tasksheet` shows. */
  ownViews?: OwnView[];
  /** Where `${NAME}` in settings is looked up. */
  environment: Record<string, string | undefined>;
  /** Interpreters that may run scripts, by the names that steps call them. */
  scripts?: Record<string, string>;
  /** Told of each source that could not be opened; the others are. */
  failed: (error: unknown) => void;
}

/** Sources that exist without being written into the catalog. `workbench` reads earlier steps, `tasksheet` our own data; each interpreter runs scripts. */
function builtInSources(scripts: Record<string, string>): NamedSettings[] {
  return [
    ...Object.entries(scripts).map(([name, interpreter]) => ({ name, kind: 'script', settings: { interpreter } })),
    { name: 'workbench', kind: 'workbench', settings: {} },
    { name: 'tasksheet', kind: 'tasksheet', settings: {} },
  ];
}

/** The languages of their steps, for the catalog. */
export function builtInLanguages(scripts: Record<string, string>): Map<string, SourceLanguage> {
  return new Map(builtInSources(scripts).map(({ name, kind }) => [name, kind === 'script' ? 'script' : 'sql']));
}

class SourceMap extends Map<string, Source> implements OpenSources {
  readonly #settings = new Map<string, string>();
  readonly #kinds = new Map<string, string>();
  readonly #places = new Map<string, string>();
  readonly #parts: OpenSourcesParts;
  #stop: () => void = () => undefined;

  constructor(parts: OpenSourcesParts) {
    super();
    this.#parts = parts;
  }

  settingsOf(name: string): string {
    return `${this.#settings.get(name) ?? ''}${this.#places.get(name) ?? ''}`;
  }

  kindOf(name: string): string {
    return this.#kinds.get(name) ?? '';
  }

  follow(list: SourceSettingsList): void {
    const update = (): void => this.#update([...builtInSources(this.#parts.scripts ?? {}), ...list.sources()]);
    update();
    this.#stop = list.onChange(update);
  }

  /** Opens what is new or changed and closes what is gone; a source that stays keeps its connections. */
  #update(named: NamedSettings[]): void {
    const gone = [...this.keys()].filter((name) => !named.some((one) => one.name === name));
    gone.forEach((name) => this.#remove(name));
    for (const one of named) {
      const written = JSON.stringify([one.kind, one.settings]);
      if (this.#settings.get(one.name) === written) continue;
      this.#remove(one.name);
      this.set(one.name, this.#open(one));
      this.#settings.set(one.name, written);
      this.#kinds.set(one.name, one.kind);
      this.#places.set(one.name, openValues(one, this.#parts.environment));
    }
  }

  #open({ name, kind, settings }: NamedSettings): Source {
    const sourceKind = [...sourceKinds, ...operatorKinds].find((one) => one.kind === kind);
    try {
      if (sourceKind === undefined) throw new Problem('source_unreachable', { ru: `Вид источника «${kind}» неизвестен.`, en: `There is no source kind “${kind}”.` });
      return opened(sourceKind, { name, settings }, this.#parts);
    } catch (error) {
      this.#parts.failed(error);
      return brokenSource(sourceKind?.language ?? 'sql', error instanceof Problem ? error : notOpened(name, error));
    }
  }

  #remove(name: string): void {
    void this.get(name)?.close();
    this.delete(name);
    this.#settings.delete(name);
    this.#kinds.delete(name);
    this.#places.delete(name);
  }

  async close(): Promise<void> {
    this.#stop();
    await Promise.all([...this.values()].map((source) => source.close()));
    this.clear();
  }
}

/** Settings that the environment fills in, such as a server's address, as they are now. */
function openValues({ kind, settings }: NamedSettings, environment: Record<string, string | undefined>): string {
  const shape: unknown = [...sourceKinds, ...operatorKinds].find((one) => one.kind === kind)?.settings;
  const isClosed = (key: string): boolean => !(shape instanceof z.ZodObject) || isSecret(shape.shape[key]);
  const open = Object.entries(settings).filter(([key, value]) => environmentNames(value).length > 0 && !isClosed(key));
  return open.length === 0 ? '' : JSON.stringify(withEnvironment(Object.fromEntries(open), environment));
}

function notOpened(name: string, cause: unknown): Problem {
  return new Problem('source_unreachable', { ru: `Источник «${name}» не открыт: настройки не подходят. Скажите оператору.`, en: `Source “${name}” was not opened: its settings do not fit. Tell the operator.` }, { cause });
}

function opened<Settings>(kind: SourceKind<Settings>, { name, settings }: { name: string; settings: Record<string, unknown> }, parts: OpenSourcesParts): Source {
  const absent = environmentNames(settings).filter((variable) => (parts.environment[variable] ?? '') === '');
  if (absent.length > 0) {
    const names = [...new Set(absent)].join(', ');
    throw new Problem('source_unreachable', {
      ru: `Источник «${name}» не подключён: в окружении сервера нет ${names}. Скажите оператору.`,
      en: `Source “${name}” is not connected: the server's environment has no ${names}. Tell the operator.`,
    });
  }
  const read = kind.settings.safeParse(withEnvironment(settings, parts.environment));
  if (!read.success) throw notOpened(name, new Error(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')));
  const { workbench, timeZone, ledger, ownViews } = parts;
  return kind.open(read.data, { name, workbench, timeZone, ...(ledger === undefined ? {} : { ledger }), ...(ownViews === undefined ? {} : { ownViews }) });
}

/** Opens every source of the settings and follows their changes. What can't be opened fails when it is used, with the reason. */
export function openSources(list: SourceSettingsList, parts: OpenSourcesParts): OpenSources {
  const sources = new SourceMap(parts);
  sources.follow(list);
  return sources;
}

import { Problem } from '../../shared/problem.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { sourceKinds } from './index.ts';
import type { Source } from './source.ts';

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
  close(): Promise<void>;
}

/** A source named `workbench` reads earlier steps and is always there. */
function withWorkbench(named: NamedSettings[]): NamedSettings[] {
  return named.some(({ name }) => name === 'workbench') ? named : [...named, { name: 'workbench', kind: 'workbench', settings: {} }];
}

class SourceMap extends Map<string, Source> implements OpenSources {
  readonly #settings = new Map<string, string>();
  readonly #parts: { workbench: Workbench };
  #stop: () => void = () => undefined;

  constructor(parts: { workbench: Workbench }) {
    super();
    this.#parts = parts;
  }

  follow(list: SourceSettingsList, failed: (error: unknown) => void): void {
    this.#update(withWorkbench(list.sources()));
    this.#stop = list.onChange(() => {
      try {
        this.#update(withWorkbench(list.sources()));
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Opens what is new or changed and closes what is gone; a source that stays keeps its connections. */
  #update(named: NamedSettings[]): void {
    const gone = [...this.keys()].filter((name) => !named.some((one) => one.name === name));
    gone.forEach((name) => this.#remove(name));
    for (const { name, kind, settings } of named) {
      const written = JSON.stringify([kind, settings]);
      if (this.#settings.get(name) === written) continue;
      const sourceKind = sourceKinds.find((one) => one.kind === kind);
      if (sourceKind === undefined) throw new Problem('source_unreachable', { ru: `Вид источника «${kind}» неизвестен.`, en: `There is no source kind “${kind}”.` });
      this.#remove(name);
      this.set(name, sourceKind.open(sourceKind.settings.parse(settings), this.#parts));
      this.#settings.set(name, written);
    }
  }

  #remove(name: string): void {
    void this.get(name)?.close();
    this.delete(name);
    this.#settings.delete(name);
  }

  async close(): Promise<void> {
    this.#stop();
    await Promise.all([...this.values()].map((source) => source.close()));
    this.clear();
  }
}

/** Opens every source of the settings and follows their changes. A source named `workbench` is always there. */
export function openSources(list: SourceSettingsList, { workbench, failed }: { workbench: Workbench; failed: (error: unknown) => void }): OpenSources {
  const sources = new SourceMap({ workbench });
  sources.follow(list, failed);
  return sources;
}

import type { CohortAnswer } from '../../shared/fields/cohort.ts';
import { Problem } from '../../shared/problem.ts';
import type { Field } from '../catalog/task.ts';
import type { Source } from '../sources/source.ts';

/** A source that is known to have cohorts. */
type CohortSource = Source & { findCohorts: NonNullable<Source['findCohorts']> };

function hasCohorts(source: Source | undefined): source is CohortSource {
  return source?.findCohorts !== undefined;
}

/** Cohorts that fit what a person typed into a field of kind `cohort`. */
export async function findCohorts(sources: ReadonlyMap<string, Source>, field: Field, search: string, signal = new AbortController().signal): Promise<CohortAnswer> {
  const source = await cohortSource(sources, field, signal);
  return source.findCohorts(search, signal);
}

/** The source that the field names, else the only one with cohorts. */
async function cohortSource(sources: ReadonlyMap<string, Source>, { settings: { on }, label }: Field, signal: AbortSignal): Promise<CohortSource> {
  const named = typeof on === 'string' ? sources.get(on) : undefined;
  const able = (typeof on === 'string' ? [named] : [...sources.values()]).filter(hasCohorts);
  if (able.length > 1)
    throw new Problem('query_failed', { ru: `Источников с когортами несколько: в поле «${label.ru}» нужно указать on. Скажите аналитику.`, en: `There are several sources with cohorts: the field “${label.en}” has to name one by on. Tell the analyst.` });
  const [only] = able;
  if (only !== undefined) return only;
  // A source that could not be opened tells why when it is asked for its state.
  await named?.check(signal);
  throw new Problem('source_unreachable', { ru: 'Amplitude не подключена. Скажите оператору.', en: 'Amplitude is not connected. Tell the operator.' });
}

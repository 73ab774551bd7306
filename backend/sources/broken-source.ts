import type { Problem } from '../../shared/problem.ts';
import type { Source, SourceLanguage } from './source.ts';

/** Stands for a source that could not be opened: its tasks fail with the reason, and all others go on. */
export function brokenSource(language: SourceLanguage, problem: Problem): Source {
  const fail = (): never => {
    throw problem;
  };
  const reject = (): Promise<never> => Promise.reject(problem);
  return {
    language,
    dialect: { firstRows: fail, rowsWhere: fail, emptyTable: fail },
    placeholder: fail,
    stepReference: fail,
    run: reject,
    select: reject,
    describe: reject,
    check: reject,
    close: () => Promise.resolve(),
  };
}

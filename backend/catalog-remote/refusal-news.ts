import type { LocalText } from '../../shared/language.ts';
import type { RefusedPush } from './catalog-remote.ts';

const mostFaults = 5;

/** What the authors of a refused push, and whoever reads the channel, hear of it. */
export function refusalNews({ newest, reports }: RefusedPush): { key: string; tone: 'trouble'; title: LocalText; lines: LocalText[] } {
  const short = newest.id.slice(0, 10);
  const authors = [...new Set(reports.map(({ commit }) => commit.email))].join(', ');
  return {
    key: `catalog/refused/${newest.id}`,
    tone: 'trouble',
    title: { ru: `Каталог: коммит ${short} не принят, исправьте: ${authors}`, en: `Catalog: commit ${short} is not in use, to be mended by ${authors}` },
    lines: reports.flatMap(({ commit, faults }) => {
      const shown = faults.slice(0, mostFaults).map(({ file, line, message, advice }) => `${file}:${line} ${message} — ${advice}`);
      const words = [`${commit.id.slice(0, 10)} ${commit.email}: ${commit.subject}`, ...shown].map((text) => ({ ru: text, en: text }));
      const left = faults.length - shown.length;
      return left === 0 ? words : [...words, { ru: `и ещё ${left}`, en: `and ${left} more` }];
    }),
  };
}

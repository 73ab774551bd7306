import type { Language } from '../../shared/language.ts';
import type { SourceReport } from '../../shared/source-report.ts';
import { reportSources } from '../operation/source-reports.ts';
import { WrongUse, type ProductCommand } from './command.ts';

function lines({ name, kind, usedBy, status }: SourceReport, width: number, language: Language): string[] {
  const head = `${name.padEnd(width)}  ${kind}, ${language === 'ru' ? 'задач и метрик' : 'tasks and metrics'}: ${usedBy}`;
  switch (status.state) {
    case 'works':
      return [`✓ ${head}, ${status.version}, ${status.latencyMs} ${language === 'ru' ? 'мс' : 'ms'}`, ...status.advice.map((text) => `    ${text[language]}`)];
    case 'fails':
      return [`✗ ${head}`, `    ${status.message[language]}`];
  }
}

/** Asks every source whether it works. Fails when one does not, so that a watch on the machine may call it. */
export const sources: ProductCommand = {
  name: 'sources',
  usage: 'tasksheet sources [--json]',
  summary: 'Ask every source whether it works: version, latency, advice',
  needs: 'product',
  run: async ({ sources: opened, catalog, log, config }, { arguments: given, output, signal }) => {
    if (given.length > 0) throw new WrongUse('sources takes no arguments.');
    const reports = await reportSources({ sources: opened, catalog, failed: (error) => log.error('source_check_failed', error) }, signal);
    const width = Math.max(0, ...reports.map(({ name }) => name.length));
    if (output.json) output.line(JSON.stringify({ sources: reports }));
    else for (const report of reports) lines(report, width, config.language).forEach((line) => output.line(line));
    return reports.every(({ status }) => status.state === 'works') ? 0 : 1;
  },
};

import { Readable } from 'node:stream';
import type { ExperimentOutcome, MetricReadout } from '../../shared/experiment.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import type { ColumnType } from '../../shared/result.ts';
import type { KindInput, KindResult } from '../runs/kind-runner.ts';
import { verdictWords } from './arm-words.ts';
import type { PlannedMetric } from './planned.ts';
import type { SegmentReadout } from './read-segments.ts';
import { unitWords } from './figure-words.ts';

type Value = string | number | null;

interface Column {
  name: string;
  title: LocalText;
  type: ColumnType;
}

interface Table {
  name: string;
  title: LocalText;
  columns: Column[];
  rows: Value[][];
}

export const resultTables = ['readout', 'metrics', 'groups', 'segments', 'days', 'notes'] as const;

const engineTypes: Partial<Record<ColumnType, string>> = { integer: 'Nullable(Int64)', decimal: 'Nullable(Float64)', percent: 'Nullable(Float64)' };

const column = (name: string, type: ColumnType, ru: string, en: string): Column => ({ name, type, title: { ru, en } });

/** The read-out as tables of values: they survive in a sheet, on a phone, and where Tasksheet is not there. */
export async function storeTables(outcome: ExperimentOutcome, segments: SegmentReadout[], input: KindInput, language: Language): Promise<KindResult[]> {
  const tables = [readoutTable(outcome, language), metricsTable(outcome, language), groupsTable(outcome, language), segmentsTable(segments, language), daysTable(outcome), notesTable(outcome, language)].filter(({ rows }) => rows.length > 0);
  const results: KindResult[] = [];
  for (const { name, title, columns, rows } of tables) {
    const shape = { format: 'JSONCompactEachRow' as const, columns: columns.map((one) => ({ name: one.name, engineType: engineTypes[one.type] ?? 'String' })) };
    const table = await input.workbench.load(Readable.from(rows.map((row) => `${JSON.stringify(row)}\n`)), shape, input.tableId(name), input.context(`table-${name}`));
    results.push({ name, title, table, columns: Object.fromEntries(columns.map((one) => [one.name, { title: one.title, type: one.type, personal: false }])) });
  }
  return results;
}

function readoutTable({ arms }: ExperimentOutcome, language: Language): Table {
  return {
    name: 'readout',
    title: { ru: 'Итоги теста', en: 'Read-out' },
    columns: [column('group', 'text', 'Группа', 'Group'), column('verdict', 'text', 'Вывод', 'Verdict'), column('sentence', 'text', 'Что вышло', 'What came out'), column('advice', 'text', 'Что делать', 'What to do'), column('remarks', 'text', 'Что ещё важно', 'What else matters')],
    rows: arms.map((arm) => [arm.group, verdictWords(arm.verdict, arm.advice)[language], arm.sentence[language], arm.advised[language], arm.remarks.map((remark) => remark[language]).join(' ')]),
  };
}

const roles: Record<MetricReadout['role'], LocalText> = {
  target: { ru: 'цель', en: 'target' },
  guardrail: { ru: 'не должен ухудшиться', en: 'must not suffer' },
  other: { ru: 'побочный', en: 'beside' },
};

/** Shares are shown in per cent, so that one column can hold every metric; their differences are percentage points. */
const scaleOf = ({ type }: Pick<MetricReadout, 'type'>): number => (type === 'share' ? 100 : 1);

function unitOf(metric: Pick<PlannedMetric, 'type' | 'unit'>, language: Language): string {
  if (metric.type !== 'share') return unitWords(metric, language);
  return language === 'ru' ? '%, разница в п. п.' : '%, difference in pp';
}

const figureColumns = [
  column('unit', 'text', 'Единица', 'Unit'),
  column('control_users', 'integer', 'Людей в контроле', 'Users in control'),
  column('users', 'integer', 'Людей в группе', 'Users in the group'),
  column('control', 'decimal', 'Контроль', 'Control'),
  column('value', 'decimal', 'Группа: значение', 'Group: value'),
  column('difference', 'decimal', 'Разница', 'Difference'),
  column('low', 'decimal', 'Разница, от', 'Difference, from'),
  column('high', 'decimal', 'Разница, до', 'Difference, to'),
  column('relative', 'percent', 'К контролю', 'Relative to control'),
  column('p_value', 'decimal', 'p', 'p'),
  column('adjusted_p_value', 'decimal', 'p с поправкой', 'p corrected'),
];

function metricsTable({ metrics }: ExperimentOutcome, language: Language): Table {
  return {
    name: 'metrics',
    title: { ru: 'Показатели', en: 'Metrics' },
    columns: [column('metric', 'text', 'Показатель', 'Metric'), column('role', 'text', 'Роль', 'Role'), column('group', 'text', 'Группа', 'Group'), ...figureColumns, column('verdict', 'text', 'Вывод', 'Verdict'), column('text', 'text', 'Словами', 'In words')],
    rows: metrics.flatMap((metric) =>
      metric.comparisons.map(({ group, figures, verdict, text }): Value[] => {
        const scale = scaleOf(metric);
        const [control, own] = [metric.groups[0], metric.groups.find(({ name }) => name === group)];
        const values = figures === null ? [scaled(control?.value, scale), scaled(own?.value, scale), null, null, null, null, null, null] : [figures.control.value * scale, figures.treatment.value * scale, figures.difference * scale, figures.interval.low * scale, figures.interval.high * scale, figures.relative?.value ?? null, figures.pValue, figures.adjustedPValue];
        const shown = verdict === 'notValid' ? values.map((value, place) => (place < 2 ? value : null)) : values;
        return [metric.title[language], roles[metric.role][language], group, unitOf(metric, language), control?.users ?? 0, own?.users ?? 0, ...shown, verdictWords(verdict)[language], text[language]];
      }),
    ),
  };
}

function scaled(value: number | null | undefined, scale: number): number | null {
  return value === null || value === undefined ? null : value * scale;
}

function groupsTable({ groups }: ExperimentOutcome, language: Language): Table {
  const state = groups.findings.length === 0 ? (language === 'ru' ? 'деление похоже на задуманное' : 'the split looks as planned') : groups.findings.map(({ text }) => text[language]).join('; ');
  return {
    name: 'groups',
    title: { ru: 'Проверка групп', en: 'Check of the groups' },
    columns: [column('group', 'text', 'Группа', 'Group'), column('users', 'integer', 'Людей', 'Users'), column('expected', 'decimal', 'Ожидалось', 'Expected'), column('share', 'percent', 'Доля', 'Share'), column('planned_share', 'percent', 'Доля по плану', 'Planned share'), column('state', 'text', 'Что видно', 'What is seen')],
    rows: groups.sizes.map(({ name, users, expected, share, plannedShare }, place) => [name, users, Math.round(expected * 10) / 10, share, plannedShare, place === 0 ? state : '']),
  };
}

function segmentsTable(segments: SegmentReadout[], language: Language): Table {
  const unknown = language === 'ru' ? 'неизвестно' : 'unknown';
  return {
    name: 'segments',
    title: { ru: 'Срезы (разведка)', en: 'Segments (exploratory)' },
    columns: [column('segment', 'text', 'Срез', 'Segment'), column('part', 'text', 'Значение', 'Part'), column('metric', 'text', 'Показатель', 'Metric'), column('group', 'text', 'Группа', 'Group'), ...figureColumns, column('look', 'text', 'Присмотреться', 'Worth a look')],
    rows: segments.map(({ column: name, value, metric, group, controlUsers, treatmentUsers, comparison, adjustedPValue }) => {
      const scale = scaleOf(metric);
      const figures = comparison === null ? [null, null, null, null, null, null, null] : [comparison.control.value * scale, comparison.treatment.value * scale, comparison.difference * scale, comparison.interval.low * scale, comparison.interval.high * scale, comparison.relative?.value ?? null, comparison.pValue];
      const isNotable = adjustedPValue !== null && adjustedPValue < 0.05;
      return [name, value === '' ? unknown : value, metric.title[language], group, unitOf(metric, language), controlUsers, treatmentUsers, ...figures, adjustedPValue, isNotable ? (language === 'ru' ? 'да' : 'yes') : ''];
    }),
  };
}

function daysTable({ days, metrics }: ExperimentOutcome): Table {
  const scale = metrics[0] === undefined ? 1 : scaleOf(metrics[0]);
  return {
    name: 'days',
    title: { ru: 'Эффект по дням', en: 'Effect by day' },
    columns: [column('group', 'text', 'Группа', 'Group'), column('day', 'integer', 'Дней после попадания в тест', 'Days after entry'), column('users', 'integer', 'Людей', 'Users'), column('difference', 'decimal', 'Разница с контролем', 'Difference from control'), column('low', 'decimal', 'от', 'from'), column('high', 'decimal', 'до', 'to')],
    rows: days.map(({ group, day, users, difference, interval }) => [group, day, users, difference * scale, interval.low * scale, interval.high * scale]),
  };
}

function notesTable({ hypothesis, notes }: ExperimentOutcome, language: Language): Table {
  const first = `${language === 'ru' ? 'Гипотеза' : 'Hypothesis'}: ${hypothesis[language]}`;
  return { name: 'notes', title: { ru: 'Метод и данные', en: 'Method and data' }, columns: [column('note', 'text', 'Примечание', 'Note')], rows: [first, ...notes.map((note) => note[language])].map((note) => [note]) };
}

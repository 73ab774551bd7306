import type { ExperimentOutcome, groupFindings } from '../../shared/experiment.ts';
import type { LocalText } from '../../shared/language.ts';
import type { AssignmentCounts } from './assignments.ts';
import { both, countWords, counted, pValueWords, shareWords, userForms } from './figure-words.ts';
import type { PlannedReadout } from './planned.ts';
import type { Statistics } from './statistics.ts';
import { usersOf, type Totals } from './totals.ts';

type Groups = ExperimentOutcome['groups'];
type Finding = (typeof groupFindings)[number];

/** From this part of the users on, those in two groups are told about; from the other, nothing is compared any more. */
const warnedPart = 0.01;
const refusedPart = 0.1;
const brokenBelow = 0.001;
const suspiciousBelow = 0.01;

const refusing: ReadonlySet<Finding> = new Set<Finding>(['splitBroken', 'leak', 'mixedUsers', 'emptyGroup', 'noEntryTime', 'unknownGroup']);

/** Whether the users came into the groups as they should; without that no figure means anything. */
export function checkGroups(planned: PlannedReadout, totals: Totals, counts: AssignmentCounts, { statistics, running }: { statistics: Statistics; running: boolean }): Groups {
  const sizes = planned.section.groups.map(({ name, share }, place) => ({ name, users: usersOf(totals, place + 1), plannedShare: share }));
  const users = sizes.reduce((sum, one) => sum + one.users, 0);
  const sized = sizes.map((one) => ({ users: one.users, share: one.plannedShare }));
  const fixed = statistics.sampleRatio(sized);
  const pValue = running ? statistics.sequentialSampleRatio(sized) : (fixed?.pValue ?? null);
  const part = (some: number): number => (counts.users === 0 ? 0 : some / counts.users);
  const findings: { kind: Finding; text: LocalText }[] = [];
  const find = (kind: Finding, text: LocalText): void => void findings.push({ kind, text });

  for (const one of sizes.filter((size) => size.plannedShare > 0 && size.users === 0))
    find('emptyGroup', both((language) => (language === 'ru' ? `в группе «${one.name}» никого нет. Проверьте, как записываются участники теста` : `there is nobody in the group “${one.name}”. Check how users of the test are recorded`)));
  for (const one of sizes.filter((size) => size.plannedShare === 0 && size.users > 0))
    find('leak', both((language) => (language === 'ru' ? `в группе «${one.name}» никого не должно быть, а там ${counted(one.users, 'ru', userForms)}` : `nobody should be in the group “${one.name}”, and ${counted(one.users, 'en', userForms)} are`)));
  if (part(counts.mixed) >= refusedPart) find('mixedUsers', mixedText(counts.mixed, part(counts.mixed)));
  else if (part(counts.mixed) >= warnedPart) find('someMixedUsers', mixedText(counts.mixed, part(counts.mixed)));
  if (part(counts.noTime) >= refusedPart)
    find('noEntryTime', both((language) => (language === 'ru' ? `у ${shareWords(part(counts.noTime), 'ru')} участников неизвестно, когда они попали в тест: без этого не отсчитать дни. Для рассылки сначала отметьте, что она отправлена` : `for ${shareWords(part(counts.noTime), 'en')} of the users it is not known when they entered the test, and days cannot be counted without it. For a mailing, first mark it as sent`)));
  if (part(counts.noGroup) >= refusedPart)
    find('unknownGroup', both((language) => (language === 'ru' ? `у ${shareWords(part(counts.noGroup), 'ru')} участников группа не из плана (${planned.section.groups.map(({ name }) => name).join(', ')}) или не указана` : `for ${shareWords(part(counts.noGroup), 'en')} of the users the group is none of the plan's (${planned.section.groups.map(({ name }) => name).join(', ')}) or is missing`)));
  if (fixed?.state === 'tooFew' && !findings.some(({ kind }) => kind === 'emptyGroup')) find('tooFewToCheck', { ru: 'людей пока так мало, что деление на группы не проверить', en: 'there are so few users yet that the split cannot be checked' });
  const split = splitState(fixed, pValue, running);
  if (split !== null && findings.every(({ kind }) => kind !== 'emptyGroup' && kind !== 'leak')) find(split, splitText(sizes, users, pValue));
  return {
    comparable: !findings.some(({ kind }) => refusing.has(kind)),
    findings,
    sizes: sizes.map((one) => ({ ...one, expected: one.plannedShare * users, share: users === 0 ? 0 : one.users / users })),
    pValue,
    sequential: running,
  };
}

function splitState(fixed: ReturnType<Statistics['sampleRatio']>, pValue: number | null, running: boolean): Finding | null {
  if (fixed === null) return null;
  if (!running) return fixed.state === 'broken' ? 'splitBroken' : fixed.state === 'suspicious' ? 'splitSuspicious' : null;
  // A running test is asked at every look, so the ordinary check may not decide.
  if (pValue !== null && pValue < brokenBelow) return fixed.state === 'suspicious' ? 'splitSuspicious' : 'splitBroken';
  return pValue !== null && pValue < suspiciousBelow ? 'splitSuspicious' : null;
}

function mixedText(mixed: number, part: number): LocalText {
  return both((language) =>
    language === 'ru' ? `${counted(mixed, 'ru', userForms)} (${shareWords(part, 'ru')}) попали сразу в несколько групп; в расчёт они не вошли` : `${counted(mixed, 'en', userForms)} (${shareWords(part, 'en')}) are in several groups at once; they were left out`,
  );
}

function splitText(sizes: { name: string; users: number; plannedShare: number }[], users: number, pValue: number | null): LocalText {
  return both((language) => {
    const actual = sizes.map(({ name, users: own }) => `${name} ${shareWords(own / users, language, 2)}`).join(', ');
    const plan = sizes.map(({ name, plannedShare }) => `${name} ${shareWords(plannedShare, language, 2)}`).join(', ');
    return language === 'ru'
      ? `люди разделились не так, как задумано: ${actual} вместо ${plan} (на ${countWords(users, 'ru')} человек; при исправном делении такое бывает с вероятностью ${pValueWords(pValue, 'ru')}). Обычные причины: часть людей не записана, в одной группе приложение падает, тест включали в разное время`
      : `users were split otherwise than planned: ${actual} instead of ${plan} (of ${countWords(users, 'en')} users; with a working split this happens with probability ${pValueWords(pValue, 'en')}). Usual causes: some users are not recorded, the app crashes in one group, groups were switched on at different times`;
  });
}

import type { Language } from '../../shared/language.ts';
import type { RelativeWord } from '../../shared/relative-period.ts';
import { counted, numberWords } from './counted.ts';

interface Pair<T> {
  ru: T;
  en: T;
}
function pair(ru: string, en: string): Pair<string>;
function pair<A extends unknown[]>(ru: (...given: A) => string, en: (...given: A) => string): Pair<(...given: A) => string>;
function pair<T>(ru: T, en: T): Pair<T> {
  return { ru, en };
}

const rowsRu = (count: number) => counted('ru', count, { one: 'строка', few: 'строки', many: 'строк' });
const rowsEn = (count: number) => counted('en', count, { one: 'row', many: 'rows' });
const entriesRu = (count: number) => counted('ru', count, { one: 'запись', few: 'записи', many: 'записей' });
const entriesEn = (count: number) => counted('en', count, { one: 'entry', many: 'entries' });
const rowsOfRu = (count: number) => counted('ru', count, { one: 'строки', few: 'строк', many: 'строк' });

/** Every word of the pane, in both languages. `Run` is Получить, a result is Результат, provenance is Откуда данные. */
export const table = {
  tasks: pair('Задачи', 'Tasks'),
  findTask: pair('Найти задачу', 'Find a task'),
  clearSearch: pair('Очистить поиск', 'Clear the search'),
  favourites: pair('Избранное', 'Favourites'),
  recent: pair('Недавние', 'Recent'),
  addFavourite: pair((title: string) => `Добавить в избранное: ${title}`, (title: string) => `Add to favourites: ${title}`),
  removeFavourite: pair((title: string) => `Убрать из избранного: ${title}`, (title: string) => `Remove from favourites: ${title}`),
  draft: pair('черновик', 'draft'),
  retired: pair('снята', 'retired'),
  retiredTask: pair('Эта задача снята, запустить её нельзя.', 'This task is retired and cannot be run.'),
  openReplacement: pair('Открыть замену', 'Open its replacement'),
  noTasks: pair('Задач пока нет', 'No tasks yet'),
  noTasksHint: pair('Аналитики ещё не открыли вам ни одной задачи. Напишите, что вам нужно.', 'The analysts have not shared any task with you yet. Tell them what you need.'),
  nothingFound: pair('Ничего не нашлось', 'Nothing found'),
  nothingFoundHint: pair('Попробуйте другие слова или спросите аналитика: он подскажет или сделает новую задачу.', 'Try other words, or ask an analyst: they will advise or make a new task.'),
  foundTasks: pair(
    (count: number) => `Найдено: ${counted('ru', count, { one: 'задача', few: 'задачи', many: 'задач' })}`,
    (count: number) => `Found: ${counted('en', count, { one: 'task', many: 'tasks' })}`,
  ),
  loading: pair('Загрузка…', 'Loading…'),
  tryAgain: pair('Попробовать ещё раз', 'Try again'),
  back: pair('Назад', 'Back'),
  menu: pair('Меню', 'Menu'),
  close: pair('Закрыть', 'Close'),
  cancel: pair('Отмена', 'Cancel'),
  openInBrowser: pair('Открыть в браузере', 'Open in a browser'),

  signInTitle: pair('Данные для работы, сразу в Excel', 'The data you need, right in Excel'),
  signInText: pair(
    'Выберите задачу, заполните короткую форму и получите таблицу. Задачи готовят аналитики, вам писать ничего не нужно.',
    'Pick a task, fill in a short form and get a table. Analysts prepare the tasks, you write nothing.',
  ),
  demoChoose: pair('Это пробная версия на вымышленных данных. Кем войти?', 'This is a trial on invented data. Who will you be?'),
  demoManager: pair('Мария, менеджер партнёров', 'Maria, account manager'),
  demoMarketer: pair('Маркетолог', 'Marketer'),
  demoAnalyst: pair('Анна, аналитик', 'Anna, analyst'),
  demoOperator: pair('Администратор', 'Operator'),
  code: pair('Код для входа', 'Sign-in code'),
  codeHint: pair('Код выдаёт администратор Tasksheet. Он нужен один раз на этом компьютере.', 'The Tasksheet administrator issues it.'),
  signIn: pair('Войти', 'Sign in'),
  signOut: pair('Выйти', 'Sign out'),
  signedOut: pair('Сеанс закончился. Войдите ещё раз: всё введённое сохранено.', 'Your session has ended. Sign in again: what you typed is kept.'),
  switchLanguage: pair('English', 'Русский'),

  run: pair('Получить', 'Run'),
  runToSheet: pair('Получить в лист', 'Get into the sheet'),
  optional: pair('необязательно', 'optional'),
  asLastTime: pair('Как в прошлый раз', 'As last time'),
  dataAsOf: pair((when: string) => `Данные по ${when}`, (when: string) => `Data as of ${when}`),
  notLoaded: pair(
    (when: string) => `Период загружен не весь: данные есть по ${when}. Последние дни будут неполными.`,
    (when: string) => `The period is not fully loaded: there is data up to ${when}. The last days will be incomplete.`,
  ),
  notLoadedRefused: pair(
    (when: string) => `Период загружен не весь: данные есть по ${when}. Эта задача считает только полные периоды, выберите более ранний.`,
    (when: string) => `The period is not fully loaded: there is data up to ${when}. This task takes only complete periods, choose an earlier one.`,
  ),
  fixFields: pair(
    (count: number) => `Проверьте ${counted('ru', count, { one: 'поле', few: 'поля', many: 'полей' })}`,
    (count: number) => `Check ${counted('en', count, { one: 'field', many: 'fields' })}`,
  ),
  noFields: pair('Заполнять ничего не нужно.', 'Nothing to fill in.'),
  required: pair('Заполните это поле.', 'Fill in this field.'),
  needNumber: pair('Нужно число, например 12,5.', 'A number is needed, such as 12.5.'),
  needDate: pair('Нужна дата целиком: день, месяц и год.', 'A whole date is needed: day, month and year.'),
  needBothDates: pair('Укажите обе даты.', 'Give both dates.'),
  needOther: pair('Выберите значение ещё раз.', 'Choose the value again.'),

  choose: pair('Выберите', 'Choose'),
  typeToSearch: pair('Начните вводить', 'Start typing'),
  clear: pair('Очистить', 'Clear'),
  optionsLoading: pair('Загружаем варианты…', 'Loading options…'),
  optionsFailed: pair('Не удалось загрузить варианты.', 'The options could not be loaded.'),
  noOptions: pair('Нет подходящих вариантов.', 'No matching options.'),
  noOptionsYet: pair((fields: string) => `Сначала заполните: ${fields}.`, (fields: string) => `Fill in first: ${fields}.`),
  moreOptions: pair('Показаны не все: уточните поиск.', 'Not all are shown: narrow the search.'),
  selectAll: pair('Все', 'All'),
  selectNone: pair('Ничего', 'None'),
  chosen: pair((count: number) => `Выбрано: ${numberWords('ru', count)}`, (count: number) => `Chosen: ${numberWords('en', count)}`),
  searchOptions: pair('Найти вариант', 'Find an option'),
  from: pair('От', 'From'),
  until: pair('До', 'To'),
  fromDay: pair('С', 'From'),
  throughDay: pair('По (включительно)', 'Through (inclusive)'),
  customDates: pair('Свои даты', 'Own dates'),
  customDay: pair('Своя дата', 'Own date'),
  customMonth: pair('Другой месяц', 'Another month'),
  noPeriod: pair('Не выбрано', 'Not chosen'),
  month: pair('Месяц', 'Month'),
  year: pair('Год', 'Year'),
  inclusive: pair((period: string) => `${period} включительно`, (period: string) => `${period} inclusive`),
  pasteList: pair('Вставьте список: по одной записи в строке или столбец из Excel', 'Paste a list: one entry a line, or a column from Excel'),
  entries: pair(entriesRu, entriesEn),
  duplicates: pair(
    (count: number) => `повторы не считаем: ${numberWords('ru', count)}`,
    (count: number) => `repeats left out: ${numberWords('en', count)}`,
  ),
  takeSelection: pair('Взять из выделенного', 'Take from the selection'),
  yes: pair('да', 'yes'),
  no: pair('нет', 'no'),

  unknownTitle: pair('Не все записи известны', 'Some entries are not known'),
  unknownText: pair('Проверьте, нет ли опечаток. Можно получить результат без этих записей.', 'Check them for typing mistakes. You can run without these entries.'),
  runWithoutThem: pair('Получить без них', 'Run without them'),
  correctList: pair('Исправить список', 'Correct the list'),

  starting: pair('Запускаем…', 'Starting…'),
  queued: pair('В очереди', 'In the queue'),
  queuePosition: pair(
    (position: number) => (position <= 1 ? 'Вы следующий' : `Перед вами: ${numberWords('ru', position - 1)}`),
    (position: number) => (position <= 1 ? 'You are next' : `Ahead of you: ${numberWords('en', position - 1)}`),
  ),
  running: pair('Считаем', 'Working'),
  readOf: pair(
    (read: string, total: string) => `Прочитано ${read} из ${total}`,
    (read: string, total: string) => `Read ${read} of ${total}`,
  ),
  readRows: pair((read: string) => `Прочитано строк: ${read}`, (read: string) => `Rows read: ${read}`),
  elapsed: pair((time: string) => `Прошло ${time}`, (time: string) => `${time} passed`),
  remaining: pair((time: string) => `осталось около ${time}`, (time: string) => `about ${time} left`),
  part: pair((number: number, of: number) => `Часть ${number} из ${of}`, (number: number, of: number) => `Part ${number} of ${of}`),
  mayClose: pair('Можно закрыть панель: результат не потеряется.', 'You may close the pane: the result will not be lost.'),
  connectionLost: pair('Связь пропала, пробуем снова. Расчёт продолжается.', 'The connection is lost, trying again. The work goes on.'),
  stop: pair('Отменить', 'Stop'),
  stopping: pair('Отменяем…', 'Stopping…'),
  cancelled: pair('Отменено', 'Stopped'),
  cancelledText: pair('Расчёт остановлен, результата нет.', 'The work was stopped, there is no result.'),
  failed: pair('Не получилось', 'It did not work'),
  reference: pair((reference: string) => `Код обращения: ${reference}`, (reference: string) => `Reference: ${reference}`),
  askAnalyst: pair('Спросить аналитика', 'Ask an analyst'),

  result: pair('Результат', 'Result'),
  rows: pair(rowsRu, rowsEn),
  previewRows: pair(
    (shown: number, total: number) => (shown < total ? `Первые ${rowsRu(shown)}` : 'Все строки'),
    (shown: number, total: number) => (shown < total ? `First ${rowsEn(shown)}` : 'All rows'),
  ),
  zeroRows: pair('Подходящих строк нет', 'No matching rows'),
  zeroRowsText: pair('Расчёт прошёл, но под эти условия ничего не попало. Попробуйте расширить период или убрать условие.', 'It worked, but nothing matches these values. Try a wider period or leave out a condition.'),
  expired: pair('Строки этого результата уже удалены по сроку хранения. Получите его ещё раз с теми же значениями.', 'The rows of this result have been removed after their storage time. Run it again with the same values.'),
  chart: pair('График', 'Chart'),
  chartOf: pair((title: string) => `График: ${title}`, (title: string) => `Chart: ${title}`),
  chartFirst: pair((count: number) => `На графике первые ${numberWords('ru', count)} ${counted('ru', count, { one: 'значение', few: 'значения', many: 'значений' }).replace(/^[\d\s]+/, '')}`, (count: number) => `The chart shows the first ${numberWords('en', count)} values`),
  download: pair('Скачать', 'Download'),
  xlsx: pair('XLSX', 'XLSX'),
  xlsxHint: pair('Таблица Excel: номера и даты не исказятся', 'An Excel table: codes and dates stay intact'),
  csv: pair('CSV', 'CSV'),
  csvExcel: pair('CSV для Excel', 'CSV for Excel'),
  csvExcelHint: pair('Открывается двойным щелчком, даты и числа по-русски', 'Opens with a double click'),
  csvExcelWarning: pair('Внимание: Excel испортит длинные номера и ведущие нули. Лучше XLSX', 'Careful: Excel will damage long numbers and leading zeros. XLSX is better'),
  csvSystems: pair('CSV для систем', 'CSV for systems'),
  csvSystemsHint: pair('UTF-8, запятые, даты ISO: для загрузки в другие программы', 'UTF-8, commas, ISO dates: to load into other programs'),
  preparing: pair('Готовим файл…', 'Preparing the file…'),
  link: pair('Ссылка', 'Link'),
  linkTitle: pair('Ссылка на файл', 'Link to the file'),
  linkText: pair('Скачать сможет каждый, у кого есть ссылка. Скачивания записываются.', 'Anyone who has the link can download the file. Downloads are recorded.'),
  linkFormat: pair('Файл', 'File'),
  linkExpiry: pair('Ссылка действует', 'The link works for'),
  oneHour: pair('1 час', '1 hour'),
  days: pair(
    (count: number) => counted('ru', count, { one: 'день', few: 'дня', many: 'дней' }),
    (count: number) => counted('en', count, { one: 'day', many: 'days' }),
  ),
  forPartner: pair('Для партнёра: без служебных сведений', 'For a partner: without internal details'),
  makeLink: pair('Создать и скопировать', 'Make and copy'),
  linkCopied: pair('Ссылка скопирована', 'The link is copied'),
  linkReady: pair('Ссылка готова', 'The link is ready'),
  copyLink: pair('Скопировать', 'Copy'),
  linkUntil: pair((when: string) => `Действует до ${when}`, (when: string) => `Works until ${when}`),
  revokeLink: pair('Отозвать', 'Revoke'),
  linkRevoked: pair('Ссылка отозвана и больше не работает', 'The link is revoked and no longer works'),
  askAbout: pair('Спросить об этом', 'Ask about this'),
  provenance: pair('Откуда данные', 'Where the data comes from'),
  task: pair('Задача', 'Task'),
  runNumber: pair('Номер', 'Number'),
  version: pair('Версия задачи', 'Task version'),
  person: pair('Кто получил', 'Run by'),
  startedAt: pair('Когда', 'When'),
  asOf: pair('Данные по', 'Data as of'),
  unknownFreshness: pair('не указано', 'not stated'),
  runAgain: pair('Ещё раз', 'Run again'),
  runAgainWith: pair('Ещё раз с этими значениями', 'Run again with these values'),
  more: pair('Ещё', 'More'),
  details: pair('Подробнее', 'Details'),

  writing: pair((done: string, total: string) => `Записываем в лист: ${done} из ${total}`, (done: string, total: string) => `Writing into the sheet: ${done} of ${total}`),
  written: pair((sheet: string) => `Готово: лист «${sheet}»`, (sheet: string) => `Done: sheet “${sheet}”`),
  writeStopped: pair('Запись остановлена. Результат сохранён, его можно получить в лист ещё раз.', 'Writing was stopped. The result is kept; you can get it into the sheet again.'),
  tooBigForSheet: pair(
    (rows: number) => `В один лист столько не поместится: ${rowsRu(rows)}. Скачайте XLSX, он разложит строки по листам, или уточните условия.`,
    (rows: number) => `This does not fit into one sheet: ${rowsEn(rows)}. Download XLSX, which uses several sheets, or narrow the values.`,
  ),
  overwriteTitle: pair('Здесь уже есть данные', 'There is data here already'),
  overwrite: pair('Записать поверх', 'Write over it'),
  toNewSheet: pair('На новый лист', 'To a new sheet'),
  resultAppears: pair('Здесь появится результат', 'The result will appear here'),
  resultAppearsText: pair('Выберите задачу слева и нажмите «Получить».', 'Pick a task on the left and press “Run”.'),
  rowOf: pair((total: number) => `из ${rowsOfRu(total)}`, (total: number) => `of ${rowsEn(total)}`),

  history: pair('Мои запуски', 'My runs'),
  findRun: pair('Номер или название', 'Number or title'),
  anyState: pair('Все', 'All'),
  noRuns: pair('Запусков пока нет', 'No runs yet'),
  noRunsHint: pair('Здесь будет всё, что вы получали, с теми же значениями.', 'Everything you run will be here, with its values.'),
  showMore: pair('Показать ещё', 'Show more'),
  open: pair('Открыть', 'Open'),
  stateQueued: pair('в очереди', 'in the queue'),
  stateRunning: pair('считается', 'running'),
  stateSucceeded: pair('готово', 'done'),
  stateFailed: pair('ошибка', 'failed'),
  stateCancelled: pair('отменено', 'stopped'),

  questions: pair('Мои вопросы', 'My questions'),
  questionsToMe: pair('Вопросы ко мне', 'Questions to me'),
  noQuestions: pair('Вопросов пока нет', 'No questions yet'),
  noQuestionsHint: pair('Если нужной задачи нет, спросите аналитика: ответ появится здесь.', 'If there is no task for what you need, ask an analyst: the answer will appear here.'),
  askTitle: pair('Вопрос аналитику', 'A question to an analyst'),
  askWhat: pair('Что нужно узнать или получить?', 'What do you need to know or get?'),
  askFor: pair('Для чего?', 'What for?'),
  askForHint: pair('Например: встреча с партнёром', 'For example: a meeting with a partner'),
  askBy: pair('К какому сроку?', 'By when?'),
  send: pair('Отправить', 'Send'),
  questionSent: pair('Вопрос отправлен. Ответ появится в «Моих вопросах».', 'The question is sent. The answer will appear in “My questions”.'),
  aboutRun: pair((number: string) => `О результате ${number}`, (number: string) => `About result ${number}`),
  questionOpen: pair('ждёт ответа', 'waiting'),
  questionAnswered: pair('есть ответ', 'answered'),
  questionDeclined: pair('отклонён', 'declined'),
  askedBy: pair((person: string) => `Спрашивает ${person}`, (person: string) => `Asked by ${person}`),
  answer: pair('Ответ', 'Answer'),
  sendAnswer: pair('Ответить', 'Answer'),
  decline: pair('Отклонить', 'Decline'),
  forWhat: pair((text: string) => `Для чего: ${text}`, (text: string) => `What for: ${text}`),
  byWhen: pair((text: string) => `К сроку: ${text}`, (text: string) => `By: ${text}`),
};

export type Words = { [K in keyof typeof table]: (typeof table)[K]['ru'] };

function wordsIn(language: Language): Words {
  return Object.fromEntries(Object.entries(table).map(([name, { [language]: words }]) => [name, words])) as Words;
}

export const words: Record<Language, Words> = { ru: wordsIn('ru'), en: wordsIn('en') };

/** Relative days and periods as people call them. */
export const relativeWordNames: Record<RelativeWord, Pair<string>> = {
  today: pair('Сегодня', 'Today'),
  yesterday: pair('Вчера', 'Yesterday'),
  last7days: pair('Последние 7 дней', 'Last 7 days'),
  last30days: pair('Последние 30 дней', 'Last 30 days'),
  thisWeek: pair('Эта неделя', 'This week'),
  lastCalendarWeek: pair('Прошлая неделя', 'Last week'),
  thisMonth: pair('Этот месяц', 'This month'),
  lastMonth: pair('Прошлый месяц', 'Last month'),
  thisQuarter: pair('Этот квартал', 'This quarter'),
  lastQuarter: pair('Прошлый квартал', 'Last quarter'),
  thisYear: pair('Этот год', 'This year'),
};

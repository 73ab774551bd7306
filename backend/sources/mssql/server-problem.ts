import { Problem, type ProblemCode } from '../../../shared/problem.ts';
import type { LocalText } from '../../../shared/language.ts';
import { problemOf } from '../../workbench/engine-problem.ts';

/** What a failure of the driver or the server tells: SQL Server's number, or the driver's code. */
interface Failure {
  number?: number;
  code?: string;
  message: string;
  /** Codes and messages of what lies under it. */
  causes: string;
}

interface Meaning {
  code: ProblemCode;
  text: (message: string, source: string) => LocalText;
}

const always = (code: ProblemCode, text: LocalText): Meaning => ({ code, text: () => text });
const naming = (code: ProblemCode, text: (name: string) => LocalText): Meaning => ({ code, text: (message) => text(quoted(message)) });
const source = (code: ProblemCode, text: (name: string) => LocalText): Meaning => ({ code, text: (_message, name) => text(name) });

/** The name that a message puts in quotes. */
function quoted(message: string): string {
  return /['"‘“]([^'"’”]{1,200})['"’”]/.exec(message)?.[1] ?? message;
}

const mixedTypes: LocalText = {
  ru: 'Запрос сравнивает или соединяет текст с числом (или датой), и не каждое значение можно так прочитать. Приведите стороны к одному виду: CAST(число AS varchar(20)) или TRY_CAST(текст AS int).',
  en: 'The query compares or joins text with numbers (or dates), and not every value can be read so. Bring both sides to one kind: CAST(number AS varchar(20)) or TRY_CAST(text AS int).',
};
const overflow: LocalText = { ru: 'Число не помещается в тип столбца или результата. Приведите его к большему: CAST(… AS bigint) или decimal(38, 2).', en: 'A number does not fit the type of a column or result. Make it larger: CAST(… AS bigint) or decimal(38, 2).' };
const forbidden = (name: string): LocalText => ({ ru: `У учётной записи нет права читать «${name}». Попросите администратора базы дать SELECT.`, en: `The login may not read “${name}”. Ask the database's administrator to grant SELECT.` });
const login = (name: string): LocalText => ({ ru: `SQL Server не пустил источник «${name}»: имя, пароль или база не подходят. Скажите оператору.`, en: `SQL Server did not let source “${name}” in: login, password or database do not fit. Tell the operator.` });
const expired = (name: string): LocalText => ({ ru: `Пароль источника «${name}» в SQL Server истёк или должен быть сменён. Скажите оператору.`, en: `The password of source “${name}” in SQL Server has expired or must be changed. Tell the operator.` });
const locked = (name: string): LocalText => ({ ru: `Учётная запись источника «${name}» в SQL Server закрыта или заблокирована. Скажите оператору.`, en: `The login of source “${name}” in SQL Server is disabled or locked. Tell the operator.` });
const busy: LocalText = { ru: 'SQL Server занят: запрос столкнулся с другими и был остановлен. Повторите через минуту.', en: 'SQL Server is busy: the query met others and was stopped. Try again in a minute.' };
const database = (name: string): LocalText => ({ ru: `База данных источника «${name}» не открывается: её нет, она закрыта или нет прав. Скажите оператору.`, en: `The database of source “${name}” cannot be opened: it is not there, closed, or not granted. Tell the operator.` });

const meanings = new Map<number, Meaning>();
const mean = (numbers: number[], meaning: Meaning): void => numbers.forEach((number) => meanings.set(number, meaning));
mean([245, 8114, 241, 242, 235, 293, 295, 248], always('query_failed', mixedTypes));
mean([206, 402, 529, 8117], always('query_failed', { ru: 'Запрос складывает или сравнивает значения разных видов, например текст и дату. Приведите их к одному: CAST(… AS …).', en: 'The query adds or compares values of different kinds, such as text and a date. Bring them to one: CAST(… AS …).' }));
mean([220, 8115, 232, 1007], always('query_failed', overflow));
mean([8134], always('query_failed', { ru: 'Деление на ноль. Напишите x / NULLIF(y, 0).', en: 'Division by zero. Write x / NULLIF(y, 0).' }));
mean([468, 451, 457], always('query_failed', { ru: 'Сравниваются тексты с разными правилами сортировки (collation). Добавьте COLLATE DATABASE_DEFAULT к одной из сторон или задайте collation источника.', en: 'Texts of different collations are compared. Add COLLATE DATABASE_DEFAULT to one side, or set the source\'s collation.' }));
mean([208], naming('query_failed', (name) => ({ ru: `Таблицы или представления «${name}» нет, или у учётной записи нет на них прав.`, en: `There is no table or view “${name}”, or the login may not see it.` })));
mean([207], naming('query_failed', (name) => ({ ru: `Столбца «${name}» нет.`, en: `There is no column “${name}”.` })));
mean([4104], naming('query_failed', (name) => ({ ru: `Имя «${name}» ни к чему не относится: проверьте имя таблицы перед точкой.`, en: `The name “${name}” belongs to nothing: check the table before the point.` })));
mean([209], naming('query_failed', (name) => ({ ru: `Столбец «${name}» есть в нескольких таблицах: укажите, из какой он.`, en: `Column “${name}” is in several tables: say which one.` })));
mean([195, 4121], naming('query_failed', (name) => ({ ru: `Функции «${name}» в SQL Server нет.`, en: `SQL Server has no function “${name}”.` })));
mean([137], naming('query_failed', (name) => ({ ru: `Переменная «${name}» не задана. Поля формы пишутся как {{поле}}.`, en: `The variable “${name}” is not set. Fields of the form are written {{field}}.` })));
mean([102, 156, 105, 319, 170], naming('query_failed', (name) => ({ ru: `Запрос написан с ошибкой около «${name}».`, en: `The query is not written correctly near “${name}”.` })));
mean([8120, 8121], naming('query_failed', (name) => ({ ru: `Столбец «${name}» не под агрегатом и не в GROUP BY.`, en: `Column “${name}” is neither inside an aggregate nor in GROUP BY.` })));
mean([8155], always('query_failed', { ru: 'У столбца нет имени. Дайте имя: … AS имя.', en: 'A column has no name. Name it: … AS name.' }));
mean([8156], naming('query_failed', (name) => ({ ru: `Два столбца называются «${name}». Дайте им разные имена.`, en: `Two columns are called “${name}”. Name them differently.` })));
mean([229, 230, 300, 297], naming('query_failed', forbidden));
mean([1205, 1222, 3960, 3961], always('too_many', busy));
mean([701, 802, 8645, 8651], always('memory_limit', { ru: 'SQL Server не хватило памяти на этот запрос. Сузьте период или условия.', en: 'SQL Server had not enough memory for this query. Narrow the period or the conditions.' }));
mean([1105, 9002, 1101], always('disk_full', { ru: 'На SQL Server закончилось место. Скажите его администратору.', en: 'SQL Server has run out of space. Tell its administrator.' }));
mean([18456, 18452, 18458, 18459, 18460, 18461], source('source_unreachable', login));
mean([18463, 18464, 18465, 18466, 18467, 18468, 18471, 18487, 18488], source('source_unreachable', expired));
mean([18470, 18486], source('source_unreachable', locked));
mean([4060, 911, 916, 927, 942, 40615], source('source_unreachable', database));

/** Numbers after which the same read, not yet begun, may well succeed. Microsoft's list for its own clients. */
const transientNumbers = new Set([-2, 20, 64, 121, 233, 615, 921, 926, 1205, 1222, 4221, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920]);
const transientCodes = new Set(['ESOCKET', 'ECONNCLOSED', 'ECONNRESET', 'EPIPE', 'EINVALIDSTATE']);
/** Under a socket error, what another try will not change. */
const lasting = /ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|certificate|CERT_|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO|altnames|not known/i;

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), causes: '' };
  const known = error as Error & { number?: unknown; code?: unknown };
  const causes = causesOf(error);
  return {
    message: error.message,
    causes,
    ...(typeof known.number === 'number' ? { number: known.number } : {}),
    ...(typeof known.code === 'string' ? { code: known.code } : {}),
  };
}

function causesOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return '';
  const below = error as Error & { code?: unknown; cause?: unknown; originalError?: unknown; errors?: unknown[] };
  const inner = [below.cause, below.originalError, ...(below.errors ?? [])].map((one) => causesOf(one, depth + 1));
  return [String(below.code ?? ''), error.message, ...inner].join(' ');
}

/** Whether a read that has not begun may be tried again. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Problem) return error.cause !== undefined && isTransient(error.cause);
  const { number, code, causes } = failureOf(error);
  if (number !== undefined) return transientNumbers.has(number);
  return code !== undefined && transientCodes.has(code) && !lasting.test(causes);
}

/**
 * What any failure of SQL Server or of the way to it means to a person. `name` is the source's, `loginError` the number of
 * the last refused login.
 */
export function serverProblem(error: unknown, name: string, loginError?: number): Problem {
  if (error instanceof Problem) return error;
  const failure = failureOf(error);
  const { message } = failure;
  const number = failure.number ?? (failure.code === 'ELOGIN' ? loginError : undefined);
  const meaning = number === undefined ? undefined : meanings.get(number);
  if (meaning !== undefined) return new Problem(meaning.code, meaning.text(message, name), { cause: error });
  if (number !== undefined && number > 0) return new Problem('query_failed', { ru: `Запрос не выполнен. Ошибка SQL Server ${number}.`, en: `The query failed. SQL Server error ${number}.` }, { cause: error });
  return connectionProblem(failure, name, error);
}

function connectionProblem({ code, causes }: Failure, name: string, cause: unknown): Problem {
  if (code === 'ECANCEL') return problemOf('interrupted', cause);
  if (code === 'ETIMEOUT' && /Request failed/.test(causes)) return problemOf('time_limit', cause);
  const unreachable = (text: LocalText): Problem => new Problem('source_unreachable', text, { cause });
  if (code === 'ELOGIN') return unreachable(login(name));
  if (code === 'EARGS' || code === 'EPARAM') return new Problem('invalid_values', { ru: 'Значение поля не подходит к запросу.', en: 'The value of a field does not fit the query.' }, { cause });
  if (/certificate|CERT_|SELF_SIGNED|UNABLE_TO_|altnames/i.test(causes))
    return unreachable({
      ru: `Сертификату SQL Server источника «${name}» нет доверия: он выписан неизвестным центром или на другое имя. Скажите оператору: центр задаётся настройкой ca.`,
      en: `The certificate of the SQL Server of source “${name}” is not trusted: an unknown authority issued it, or it is for another name. Tell the operator: the authority is given by the setting ca.`,
    });
  if (/encrypt|ERR_TLS|EPROTO|SSL|TLS/i.test(causes))
    return unreachable({ ru: `С SQL Server источника «${name}» не удалось договориться о шифровании. Скажите оператору: настройка encrypt.`, en: `No encryption could be agreed on with the SQL Server of source “${name}”. Tell the operator: the setting encrypt.` });
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EINSTLOOKUP|Failed to connect|Could not connect|ETIMEOUT/.test(`${code ?? ''} ${causes}`))
    return unreachable({ ru: `SQL Server источника «${name}» не отвечает: проверьте адрес, порт и сеть. Скажите оператору.`, en: `The SQL Server of source “${name}” does not answer: check the address, port and network. Tell the operator.` });
  return unreachable({ ru: `Связь с SQL Server источника «${name}» прервалась. Запустите ещё раз.`, en: `The connection to the SQL Server of source “${name}” was cut. Run it again.` });
}

import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import { isCode, textOfTokens, tokensOf, wordOf, type Token } from './tsql-tokens.ts';

/** One reading statement, taken apart as far as something can be put around it. */
export interface Statement {
  /** `WITH a AS (…)` in front, or ''. T-SQL does not allow it inside brackets. */
  tables: string;
  body: string;
  /** `OPTION (…)` at the end, or ''. */
  options: string;
  /** ORDER BY of the whole query. */
  ordered: boolean;
  /** TOP or OFFSET of the whole query: then ORDER BY may stand inside brackets. */
  limited: boolean;
}

/** Reserved words that T-SQL accepts as code only where something is changed, started or read from elsewhere. */
const refusedWords = new Set(
  ('ADD ALTER BACKUP BEGIN BREAK BULK CHECKPOINT CLOSE COMMIT CREATE CURSOR DBCC DEALLOCATE DECLARE DELETE DENY DROP DUMP ERRLVL EXEC EXECUTE EXIT GOTO ' +
    'GRANT IF INSERT INTO KILL LINENO LOAD MERGE OPEN OPENDATASOURCE OPENQUERY OPENROWSET PRINT PROC PROCEDURE RAISERROR READTEXT RECONFIGURE RESTORE RETURN REVERT ' +
    'REVOKE ROLLBACK SAVE SET SETUSER SHUTDOWN TRAN TRANSACTION TRUNCATE UPDATE UPDATETEXT USE WAITFOR WHILE WRITETEXT').split(' '),
);

const refuse = (text: LocalText): Problem => new Problem('query_refused', text);

/** The statement, or a Problem: one SELECT, which changes nothing, is all that a step may be. */
export function readStatement(sql: string): Statement {
  const tokens = withoutEnd(tokensOf(sql));
  checkWords(tokens);
  checkSelects(tokens);
  return takenApart(tokens);
}

/** Without the last semicolon and what follows the last code: a comment there would swallow what is put behind. */
function withoutEnd(tokens: Token[]): Token[] {
  const end = tokens.findLastIndex((token) => isCode(token) && token.text !== ';');
  return tokens.slice(0, end + 1);
}

function checkWords(tokens: Token[]): void {
  const code = tokens.filter(isCode);
  if (!['SELECT', 'WITH'].includes(wordOf(code.find(({ text }) => text !== '(')))) throw refuse({ ru: 'Запрос должен начинаться с SELECT или WITH.', en: 'The query must begin with SELECT or WITH.' });
  if (code.some(({ text }) => text === ';')) throw refuse(manyStatements);
  const refused = code.find((token) => refusedWords.has(wordOf(token)));
  if (refused !== undefined)
    throw refuse({
      ru: `Слово ${refused.text.toUpperCase()} в запросе не допускается: шаг только читает. Если это имя, возьмите его в скобки: [${refused.text}].`,
      en: `The word ${refused.text.toUpperCase()} is not allowed in a query: a step only reads. If it is a name, put it in brackets: [${refused.text}].`,
    });
  if (code.some((token, at) => wordOf(token) === 'NEXT' && wordOf(code[at + 1]) === 'VALUE')) throw refuse({ ru: 'NEXT VALUE FOR меняет последовательность, а шаг только читает.', en: 'NEXT VALUE FOR changes a sequence, and a step only reads.' });
  if (code.some((token, at) => token.depth === 0 && wordOf(token) === 'FOR' && ['XML', 'JSON', 'BROWSE'].includes(wordOf(code[at + 1]))))
    throw refuse({ ru: 'FOR XML, FOR JSON и FOR BROWSE не поддерживаются: выберите сами столбцы.', en: 'FOR XML, FOR JSON and FOR BROWSE are not supported: select the columns themselves.' });
  if (tokens.some((_token, at) => isBatchMark(tokens, at))) throw refuse({ ru: 'GO — команда программ, а не SQL Server. Уберите её: в шаге один запрос.', en: 'GO is a command of tools, not of SQL Server. Take it out: a step is one query.' });
}

const manyStatements = { ru: 'В шаге может быть только один запрос. Разделите его на шаги.', en: 'A step can hold only one query. Divide it into steps.' };

function isBatchMark(tokens: Token[], at: number): boolean {
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  return wordOf(tokens[at]) === 'GO' && (before?.text.includes('\n') ?? false) && (after === undefined || after.text.includes('\n'));
}

/** T-SQL needs no semicolon between statements: `SELECT 1 SELECT 2` are two. */
function checkSelects(tokens: Token[]): void {
  const code = tokens.filter((token) => isCode(token) && token.depth === 0);
  const selects = code.flatMap((token, at) => (wordOf(token) === 'SELECT' ? [at] : []));
  const joined = (at: number): boolean => ['UNION', 'ALL', 'EXCEPT', 'INTERSECT'].includes(wordOf(code[at - 1]));
  if (selects.slice(1).some((at) => !joined(at))) throw refuse(manyStatements);
  if (wordOf(code[0]) === 'WITH' && selects.length === 0) throw refuse({ ru: 'После WITH … AS (…) нужен SELECT.', en: 'After WITH … AS (…) a SELECT is needed.' });
}

function takenApart(tokens: Token[]): Statement {
  const outer = (word: string, from = 0): number => tokens.findIndex((token, at) => at >= from && token.depth === 0 && wordOf(token) === word);
  const first = tokens.find(isCode);
  const start = wordOf(first) === 'WITH' ? outer('SELECT') : 0;
  const option = outer('OPTION', start);
  const end = option === -1 ? tokens.length : option;
  const body = tokens.slice(start, end);
  const has = (...words: string[]): boolean => body.some((token) => token.depth === 0 && words.includes(wordOf(token)));
  return {
    tables: textOfTokens(tokens.slice(0, start)),
    body: textOfTokens(body).trimEnd(),
    options: textOfTokens(tokens.slice(end)),
    ordered: isOrdered(body),
    limited: has('TOP', 'OFFSET'),
  };
}

/** ORDER BY of windows and of WITHIN GROUP stands in brackets, so at this depth it is the query's own. */
function isOrdered(body: Token[]): boolean {
  const code = body.filter((token) => isCode(token) && token.depth === 0);
  return code.some((token, at) => wordOf(token) === 'ORDER' && wordOf(code[at + 1]) === 'BY');
}

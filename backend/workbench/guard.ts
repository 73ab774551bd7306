import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Statement } from './engine-client.ts';
import { AllowedFunctions, isAllowedTableFunction } from './guard-functions.ts';
import { parameterText, engineType } from './parameters.ts';
import { placeholderParts, sqlPieces, stringLiteral, type SqlPiece } from './sql-text.ts';
import type { Query } from './workbench.ts';

/** What the guard needs of the engine. */
export interface GuardEngine {
  text(statement: Statement): Promise<string>;
  rows(statement: Statement): Promise<unknown[][]>;
}

/** What a guarded query may read. */
export interface GuardScope {
  databases: string[];
  /** Exact names `database.table` besides. */
  tables: string[];
}

const maxRemembered = 1_000;
const maxQueryCharacters = 200_000;
const maxRememberedCharacters = 20_000;

/**
 * Lets only such analysts' queries through as compute from tables in scope. A query is normalised by the engine's own
 * formatter, given as a parameter, so comments and second statements cannot survive; then its parsed tree is checked
 * against allow-lists of syntax, functions, table functions and databases. What is not known to be harmless is refused.
 */
export class Guard {
  private readonly engine: GuardEngine;
  private functions: Promise<AllowedFunctions> | null = null;
  private readonly remembered = new Map<string, string>();

  constructor(engine: GuardEngine) {
    this.engine = engine;
  }

  /** The normalised text of a query that may run. Throws Problem `query_refused`, or `query_failed` for wrong syntax. */
  async check(query: Query, scope: GuardScope): Promise<string> {
    const types = Object.entries(query.parameters).map(([name, value]) => `${name}:${engineType(value)}`);
    const key = JSON.stringify([query.sql, types, scope.databases, scope.tables]);
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    const normalised = await this.checked(query, scope);
    if (key.length > maxRememberedCharacters) return normalised;
    if (this.remembered.size >= maxRemembered) this.remembered.delete([...this.remembered.keys()][0] ?? '');
    this.remembered.set(key, normalised);
    return normalised;
  }

  /**
   * The normalised text of a query for another server: one SELECT, without FORMAT, INTO OUTFILE or settings. What it may
   * read is that server's business.
   */
  async oneSelect(query: Query): Promise<string> {
    const normalised = await this.normalise(query.sql);
    const pieces = sqlPieces(normalised);
    checkText(pieces);
    checkPlaceholders(pieces, query);
    const tree = await this.tree(pieces);
    tree.forEach(checkAround);
    return normalised;
  }

  private async tree(pieces: SqlPiece[]): Promise<TreeLine[]> {
    // A FORMAT here would belong to the explained query.
    const text = await this.engine.text({ sql: `EXPLAIN AST ${withoutPlaceholders(pieces)}`, settings: { default_format: 'TSVRaw' } });
    return text.split('\n').filter((line) => line.trim() !== '').map(treeLine);
  }

  private async checked(query: Query, scope: GuardScope): Promise<string> {
    const normalised = await this.normalise(query.sql);
    const pieces = sqlPieces(normalised);
    checkText(pieces);
    checkPlaceholders(pieces, query);
    const [tree, databases, functions] = await Promise.all([
      this.tree(pieces),
      this.engine.rows({ sql: 'SELECT name FROM system.databases' }),
      this.allowedFunctions(),
    ]);
    checkTree(tree, functions, new ReadableNames(scope, databases.map(([name]) => String(name))));
    return normalised;
  }

  private async normalise(sql: string): Promise<string> {
    if (sql.length > maxQueryCharacters) throw refused({ ru: 'Текст запроса слишком длинный.', en: 'The text of the query is too long.' });
    // Raw text could run a second statement; as a parameter it is only data.
    const [row] = await this.engine.rows({ sql: 'SELECT formatQuerySingleLine({query:String})', parameters: { query: parameterText({ scalar: 'string', value: sql }) } });
    return String(row?.[0] ?? '');
  }

  private allowedFunctions(): Promise<AllowedFunctions> {
    this.functions ??= this.loadFunctions().catch((error: unknown) => {
      this.functions = null;
      throw error;
    });
    return this.functions;
  }

  private async loadFunctions(): Promise<AllowedFunctions> {
    const rows = await this.engine.rows({
      sql: 'SELECT name, is_aggregate, case_insensitive, alias_to, categories, toString(origin) FROM system.functions',
    });
    return new AllowedFunctions(
      rows.map(([name, isAggregate, caseInsensitive, aliasTo, category, origin]) => ({
        name: String(name),
        isAggregate: Number(isAggregate) === 1,
        caseInsensitive: Number(caseInsensitive) === 1,
        aliasTo: String(aliasTo),
        category: String(category),
        origin: String(origin),
      })),
    );
  }
}

/** What the tree does not tell. */
function checkText(pieces: SqlPiece[]): void {
  const code = pieces.filter(({ text }) => text.trim() !== '');
  const first = code.find(({ text }) => text !== '(')?.text.toUpperCase();
  if (first !== 'SELECT' && first !== 'WITH')
    throw refused({ ru: 'Здесь можно только читать: запрос начинается с SELECT или WITH.', en: 'Only reading is possible here: a query starts with SELECT or WITH.' });
  if (code.some(({ kind, text }) => kind === 'name' && text.includes('\\')))
    throw refused({ ru: 'В имени есть необычный знак. Назовите столбец или таблицу буквами и цифрами.', en: 'A name holds an odd character. Use letters and digits in names of columns and tables.' });
  if (code.some((piece, at) => piece.text === 'WITH' && code[at + 1]?.text === 'TOTALS' && code[at + 2]?.text !== 'AS'))
    throw refused({ ru: 'WITH TOTALS теряется при сохранении. Используйте WITH ROLLUP.', en: 'WITH TOTALS is lost when rows are stored. Use WITH ROLLUP.' });
}

function checkPlaceholders(pieces: SqlPiece[], { parameters }: Query): void {
  for (const { kind, text } of pieces) {
    if (kind !== 'placeholder') continue;
    const { name, type } = placeholderParts(text);
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined || type.replaceAll(' ', '') !== engineType(value).replaceAll(' ', ''))
      throw refused({ ru: `Подстановка ${text} не от поля формы. Пишите {{поле}}.`, en: `The placeholder ${text} is not of a form field. Write {{field}}.` });
  }
}

/** The tree needs values; harmless ones, so that what is found out holds for every value. */
function withoutPlaceholders(pieces: SqlPiece[]): string {
  return pieces.map(({ kind, text }) => (kind === 'placeholder' ? sampleValue(placeholderParts(text).type) : text)).join('');
}

function sampleValue(type: string): string {
  if (/^Int64$/.test(type)) return '1';
  const text = type.startsWith('Array') ? '[]' : type === 'Bool' ? 'true' : /^Date/.test(type) ? '2020-01-01' : /^Decimal/.test(type) ? '1' : '';
  return `CAST(${stringLiteral(text)}, ${stringLiteral(type)})`;
}

const allowedNodes = new Set([
  'SelectWithUnionQuery', 'SelectIntersectExceptQuery', 'SelectQuery', 'ExpressionList', 'TablesInSelectQuery', 'TablesInSelectQueryElement',
  'TableExpression', 'TableJoin', 'ArrayJoin', 'Subquery', 'WithElement', 'Asterisk', 'QualifiedAsterisk', 'ColumnsTransformerList',
  'ColumnsExceptTransformer', 'ColumnsReplaceTransformer', 'ColumnsReplaceTransformer::Replacement', 'ColumnsRegexpMatcher',
  'QualifiedColumnsRegexpMatcher', 'ColumnsListMatcher', 'QualifiedColumnsListMatcher', 'Identifier', 'TableIdentifier', 'Literal', 'Function',
  'OrderByElement', 'InterpolateElement', 'WindowDefinition', 'WindowListElement', 'SampleRatio', 'Collation',
]);

/** Words for syntax that people do try. */
const refusedNodes: Record<string, LocalText> = {
  Set: { ru: 'SETTINGS в запросе задавать нельзя: пределы есть в разделе limits задачи.', en: 'A query cannot set SETTINGS: limits are in the task’s `limits`.' },
  ColumnsApplyTransformer: { ru: 'APPLY здесь нельзя. Перечислите столбцы.', en: 'APPLY is not possible here. Write the columns out.' },
};

/** What may not stand around a query, whatever it reads. */
function checkAround({ depth, node }: TreeLine): void {
  const words = refusedNodes[node];
  if (words !== undefined && node === 'Set') throw refused(words);
  if (depth === 1 && node !== 'ExpressionList')
    throw refused({ ru: 'FORMAT и INTO OUTFILE здесь нельзя: файл делает кнопка выгрузки.', en: 'FORMAT and INTO OUTFILE are not possible here: the download makes the file.' });
}

function checkTree(lines: TreeLine[], functions: AllowedFunctions, names: ReadableNames): void {
  lines.forEach((line, at) => {
    if (!allowedNodes.has(line.node))
      throw refused(refusedNodes[line.node] ?? { ru: `Конструкция «${line.node}» здесь не разрешена.`, en: `The construct “${line.node}” is not permitted here.` });
    checkAround(line);
    if (line.node === 'Function') checkFunction(lines, at, functions);
    if (line.node === 'Identifier' || line.node === 'TableIdentifier') names.check(line);
  });
}

interface TreeLine {
  depth: number;
  node: string;
  /** What follows the node's name, without alias and count of children. */
  rest: string;
}

function treeLine(line: string): TreeLine {
  const depth = line.length - line.trimStart().length;
  const text = line.trim();
  const space = text.indexOf(' ');
  if (space < 0) return { depth, node: text, rest: '' };
  const rest = text.slice(space + 1).replace(/ \(children \d+\)$/, '').replace(/ \(alias [\s\S]*\)$/, '').replace(/^\(children \d+\)$/, '');
  return { depth, node: text.slice(0, space), rest };
}

function checkFunction(lines: TreeLine[], at: number, functions: AllowedFunctions): void {
  const name = lines[at]?.rest ?? '';
  const ofTable = isOfTable(lines, at);
  if (!/^[A-Za-z_]\w*$/.test(name) || !(ofTable ? isAllowedTableFunction(name) : functions.has(name)))
    throw refused(
      ofTable
        ? { ru: `Табличная функция ${name} здесь не разрешена. Читайте таблицы источника и прежние шаги.`, en: `The table function ${name} is not permitted here. Read the source’s tables and earlier steps.` }
        : { ru: `Функция ${name} здесь не разрешена. Уберите её из запроса.`, en: `The function ${name} is not permitted here. Take it out of the query.` },
    );
  if (ofTable && name.toLowerCase() === 'values') checkStructure(lines[at + 2]);
}

function isOfTable(lines: TreeLine[], at: number): boolean {
  const [before, line] = [lines[at - 1], lines[at]];
  return before?.node === 'TableExpression' && before.depth === (line?.depth ?? 0) - 1;
}

/** The columns of VALUES are SQL inside a text: `a String ALIAS file('…')` would be computed. Only names and types may stand there. */
function checkStructure(first: TreeLine | undefined): void {
  const safe =
    first?.node === 'Literal'
      ? !first.rest.startsWith("'") || (/^'[\p{L}\p{N}_`\s,()'\\]*'$/u.test(first.rest) && !/\b(default|alias|materialized|ephemeral|codec|ttl|statistics|settings)\b/i.test(first.rest))
      : first?.node === 'Function' && (first.rest === 'tuple' || first.rest === 'array');
  if (!safe)
    throw refused({ ru: 'В VALUES можно описать только имена и типы столбцов: VALUES(\'a Int64, b String\', (1, \'x\')).', en: 'VALUES may only name columns and their types: VALUES(\'a Int64, b String\', (1, \'x\')).' });
}

/**
 * Which names with a database in them may stand in a query. An identifier may mean a table too (`x IN db.table`), so
 * every identifier that begins with a database counts as a read of it. Names without one look only into the default
 * database, which the scope has chosen.
 */
class ReadableNames {
  private readonly tables: Set<string>;
  private readonly others: Set<string>;
  private readonly allowed: Set<string>;

  constructor(scope: GuardScope, databases: string[]) {
    this.tables = new Set(scope.tables);
    this.allowed = new Set(scope.databases);
    this.others = new Set([...databases, 'system', 'information_schema', 'INFORMATION_SCHEMA', 'default'].filter((name) => !this.allowed.has(name)));
  }

  check({ node, rest }: TreeLine): void {
    const parts = rest.split('.');
    const [first = '', second] = parts;
    if (second === undefined) return;
    if (this.tables.has(`${first}.${second}`)) return;
    const isTable = node === 'TableIdentifier';
    if (isTable && parts.length > 2)
      throw refused({ ru: `Имя таблицы с точкой внутри не поддерживается: ${rest}.`, en: `A table name with a point inside is not supported: ${rest}.` });
    if (isTable ? !this.allowed.has(first) : this.others.has(first))
      throw refused({
        ru: `Читать ${first}.${second} здесь нельзя. Доступны таблицы источника и прежние шаги.`,
        en: `${first}.${second} may not be read here. The source’s tables and earlier steps are available.`,
      });
  }
}

function refused(text: LocalText): Problem {
  return new Problem('query_refused', text);
}

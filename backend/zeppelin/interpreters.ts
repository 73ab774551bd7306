import { lex } from '../template/index.ts';
import type { ParagraphText } from './paragraph-header.ts';

/** What becomes of a paragraph, by its interpreter. */
export type Role = 'query' | 'script' | 'words' | 'none';

export interface Interpreter {
  /** As `--source` names it: `jdbc`, or `jdbc(crm)` with its connection. */
  key: string;
  base: string;
  connection?: string;
  role: Role;
  /** True when nothing but the script's first word speaks for SQL. */
  guessed: boolean;
  /** Whether `${…}` are forms here: Zeppelin leaves them alone in code. */
  templates: boolean;
  /** Whether "…" is a string, not a name. */
  doubleQuotedStrings: boolean;
}

const sqlNames = new Set([
  'sql', 'jdbc', 'clickhouse', 'mysql', 'mariadb', 'psql', 'postgres', 'postgresql', 'pg', 'mssql', 'sqlserver', 'tsql', 'hive', 'presto',
  'trino', 'impala', 'phoenix', 'bigquery', 'kylin', 'vertica', 'oracle', 'redshift', 'snowflake', 'duckdb', 'greenplum',
]);
const sqlParts = new Set(['sql', 'ssql', 'bsql']);
const code = /^(spark|pyspark|python|ipython|livy|sh|angular|groovy|r|ir|kotlin|scala|flink|jupyter|ng|html)$/;

/** Judges an interpreter by its name, its properties and, where that is not enough, its script. */
export function judgeInterpreter({ interpreter, properties, script }: ParagraphText, defaultInterpreter: string): Interpreter {
  const name = (interpreter || defaultInterpreter).toLowerCase();
  const [base = '', part] = name.split('.');
  const connection = Object.entries(properties).find(([key, value]) => key === value)?.[0];
  const first = lex(script).find(({ kind }) => kind !== 'space' && kind !== 'comment');
  const looksLikeSql = /^(select|with)$/i.test(script.slice(first?.start, first?.end));
  const isSql = part === undefined ? sqlNames.has(base) : sqlParts.has(part) || sqlNames.has(base);
  const role = roleOf(base, part, properties, isSql);
  const guessed = role === 'none' && looksLikeSql && (interpreter === '' || !code.test(base));
  const key = connection === undefined ? name : `${name}(${connection})`;
  const isCode = role === 'script' || (!isSql && !guessed && code.test(base));
  return {
    key: key === '' ? 'default' : key,
    base,
    ...(connection === undefined ? {} : { connection }),
    role: guessed ? 'query' : role,
    guessed,
    templates: properties.form === undefined ? !isCode : properties.form === 'simple',
    doubleQuotedStrings: /^(mysql|mariadb|hive|spark|bigquery|impala|livy)$/.test(base),
  };
}

function roleOf(base: string, part: string | undefined, properties: Record<string, string>, isSql: boolean): Role {
  if (base === 'md') return 'words';
  if (isSql) return 'query';
  const isPython = base === 'python' || base === 'ipython' || (base === 'jupyter' && /^python/.test(properties.kernel ?? ''));
  return isPython && (part === undefined || part === 'ipython' || part === 'python') ? 'script' : 'none';
}

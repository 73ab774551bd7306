import { bareType } from '../../shared/engine-type.ts';
import { sameText } from '../../shared/language.ts';
import type { ColumnType, ResultColumn } from '../../shared/result.ts';
import type { TaskColumn } from '../catalog/task.ts';
import type { StoredColumn } from '../workbench/workbench.ts';

/** What a column of this engine type means when its analyst did not say. */
export function impliedType(engineType: string): ColumnType {
  const type = bareType(engineType);
  if (/^U?Int(8|16|32|64|128|256)$/.test(type)) return 'integer';
  if (/^(Decimal|Float|BFloat)/.test(type)) return 'decimal';
  if (/^DateTime/.test(type)) return 'datetime';
  if (/^Date/.test(type)) return 'date';
  return type === 'Bool' ? 'flag' : 'text';
}

/** Whether values of an engine type can be shown as a declared type; a mismatch falls back to text rather than to a wrong value. */
function fits(type: ColumnType, engineType: string): boolean {
  const implied = impliedType(engineType);
  switch (type) {
    case 'text':
    case 'code':
    case 'link':
      return true;
    case 'integer':
      return implied === 'integer';
    case 'decimal':
    case 'percent':
    case 'money':
      return implied === 'integer' || implied === 'decimal';
    case 'date':
    case 'datetime':
      return implied === 'date' || implied === 'datetime';
    case 'flag':
      return implied === 'flag' || bareType(engineType) === 'UInt8';
  }
}

/**
 * Columns of a result as readers see them: declared titles and types, implied where nothing is declared. Whole numbers of
 * more than 15 digits are codes, since a worksheet would round them.
 */
export function resultColumns(stored: StoredColumn[], declared: Record<string, TaskColumn>, longIntegers: string[]): ResultColumn[] {
  return stored.map(({ name, engineType }) => {
    const declaration = declared[name];
    const implied = impliedType(engineType) === 'integer' && longIntegers.includes(name) ? 'code' : impliedType(engineType);
    const type = declaration?.type !== undefined && fits(declaration.type, engineType) ? declaration.type : implied;
    return { name, title: declaration?.title ?? sameText(name), type, engineType };
  });
}

/**
 * Whether only some may see a column: declared so, or a declared one under the name that a join or a repetition gave it, such as
 * `b.phone` and `phone_2`. What is declared by its own name is as declared.
 */
export function isPersonal(name: string, declared: Record<string, TaskColumn>): boolean {
  if (Object.hasOwn(declared, name)) return declared[name]?.personal === true;
  const bare = name.slice(name.lastIndexOf('.') + 1);
  return [bare, bare.replace(/_\d+$/, '')].some((one) => Object.hasOwn(declared, one) && declared[one]?.personal === true);
}

import { Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Cell, ResultColumn } from '../../shared/result.ts';
import { cellWords, isNumeric } from './cell-words.ts';
import { useLanguage } from './language.tsx';

const useStyles = makeStyles({
  right: { textAlign: 'end', fontVariantNumeric: 'tabular-nums' },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

/** How a column's cells stand: numbers to the right, codes in equal widths. */
export function useColumnClass(): (column: ResultColumn) => string {
  const styles = useStyles();
  return ({ type }) => mergeClasses(isNumeric(type) && styles.right, type === 'code' && styles.code);
}

export function CellContent({ value, column }: { value: Cell; column: ResultColumn }): ReactElement {
  const language = useLanguage();
  const text = cellWords(value, column.type, language);
  // Only web addresses: a `javascript:` one from the data must stay text.
  return column.type === 'link' && /^https?:\/\//i.test(text) ? <Link href={text} target="_blank" rel="noopener noreferrer">{text}</Link> : <>{text}</>;
}

import type { FieldKindName } from '../../shared/fields/index.ts';
import { ChoiceWidget } from './choice.tsx';
import { ChoicesWidget } from './choices.tsx';
import { CohortWidget } from './cohort.tsx';
import { DateRangeWidget } from './date-range.tsx';
import { DateWidget } from './date.tsx';
import { FileWidget } from './file.tsx';
import { ListWidget } from './list.tsx';
import { MonthWidget } from './month.tsx';
import { NumberRangeWidget } from './number-range.tsx';
import { NumberWidget } from './number.tsx';
import { TextWidget } from './text.tsx';
import { ToggleWidget } from './toggle.tsx';
import type { Widget } from './widget.ts';

/** One widget for each kind of field: a new kind without a widget does not compile. */
export const widgets: { [K in FieldKindName]: Widget<K> } = {
  text: TextWidget,
  number: NumberWidget,
  numberRange: NumberRangeWidget,
  toggle: ToggleWidget,
  date: DateWidget,
  month: MonthWidget,
  dateRange: DateRangeWidget,
  choice: ChoiceWidget,
  choices: ChoicesWidget,
  list: ListWidget,
  cohort: CohortWidget,
  file: FileWidget,
};

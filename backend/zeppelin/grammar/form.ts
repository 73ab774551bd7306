/** The four controls that Zeppelin draws from a template. */
export type Control = 'text' | 'select' | 'checkbox' | 'password';

export interface FormOption {
  value: string;
  /** Absent when the option is shown by its value. */
  label?: string;
}

/** One form as Zeppelin's own parser reads it, oddities included. */
export interface Form {
  control: Control;
  /** The key of the value, spaces and all. */
  name: string;
  label?: string;
  /** A list for a checkbox; `null` when the template names none. */
  default: string | string[] | null;
  options?: FormOption[];
  /** What joins the checked values; a comma when absent. */
  delimiter?: string;
  /** Written with a leading underscore, which is swallowed from the text. */
  hidden: boolean;
}

export type RefusalCode = 'unknown_type' | 'checkbox_without_options' | 'wrong_value' | 'reads_value_again' | 'misplaced' | 'joins_neighbour';

/** Why a text has no safe reading. Zeppelin fails, hangs or silently makes something else of it. */
export interface Refusal {
  code: RefusalCode;
  /** Place in the text that was given. */
  offset: number;
  text: { ru: string; en: string };
}

/** One `${…}` or, for the whole note, `$${…}` in a text. `start` includes the underscore of a hidden form. */
export interface Placeholder {
  start: number;
  end: number;
  scope: 'paragraph' | 'note';
  /** What stands between the braces. */
  body: string;
  form: Form | Refusal;
}

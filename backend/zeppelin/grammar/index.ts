export type { Control, Form, FormOption, Placeholder, Refusal, RefusalCode } from './form.ts';
export { expand, type Given, type GivenValues } from './expand.ts';
export { oddities, type Oddity } from './oddities.ts';
export { findPlaceholders, formsOf, isRefusal, readForm } from './read-forms.ts';
export { splitOptions } from './split-options.ts';

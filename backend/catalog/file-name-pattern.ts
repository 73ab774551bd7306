import { suggest } from '../../shared/suggestion.ts';
import type { Fault } from './task.ts';
import { entries, excerpt, type YamlValue } from './yaml-value.ts';

/** Checks `file`: text in which `{{field}}` is put in by its words. */
export function checkFileName(of: YamlValue, fields: string[], faults: Fault[]): void {
  const texts = typeof of.value === 'string' ? [of] : (entries(of) ?? []).map(({ value }) => value);
  for (const text of texts) {
    const from = excerpt(text);
    for (const { 0: written, index } of from.text.matchAll(/\{\{([^{}]*)\}\}|\{\{/g)) {
      const name = written.slice(2, -2).trim();
      const add = (message: string, advice: string): void => {
        faults.push(of.source.fault(from.offset(index), message, advice));
      };
      if (written === '{{') add('{{ is never closed', 'write {{name}}, with two braces on each side');
      else if (name.includes('.')) add(`file: {{${name}}} has no parts here`, `write {{${name.split('.')[0] ?? ''}}}: the whole value is put in, in words`);
      else if (!fields.includes(name)) add(`file: the form has no field "${name}"`, suggest(name, fields));
    }
  }
}

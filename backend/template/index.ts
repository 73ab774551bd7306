export { checkTemplate, type TemplateScope } from './check.ts';
export { renderFileName } from './file-name.ts';
export { lex, type Token } from './lexer.ts';
export { parseTemplate, type ParsedTemplate, type TemplateFault } from './parse.ts';
export { fieldName } from './reference.ts';
export { renderTemplate, searchName } from './render.ts';
export { withViews } from './views.ts';

export { checkTemplate, type TemplateScope } from './check.ts';
export { renderFileName } from './file-name.ts';
export { lex, type Token } from './lexer.ts';
export { parseTemplate, type ParsedTemplate, type TemplateFault, type TemplateLanguage } from './parse.ts';
export { fieldName } from './reference.ts';
export { sourceOffset } from './places.ts';
export { bindFields, renderPieces, renderTemplate, searchName, type RenderedPiece } from './render.ts';
export { withViews } from './views.ts';

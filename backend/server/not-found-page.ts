import { page } from './link-page.ts';

/** For a mistyped address, in both languages, since nothing is known of who typed it. */
export function notFoundPage(): string {
  return page(
    'ru',
    'Tasksheet',
    '<h1>Такой страницы нет</h1><p>Проверьте адрес или откройте Tasksheet.</p><p lang="en">There is no such page. Check the address, or open Tasksheet.</p><a href="/taskpane.html">Tasksheet</a>',
  );
}

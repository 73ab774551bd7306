import type { RefreshScope } from './refresh-blocks.ts';

/** The functions that manifest.xml names, and what each refreshes. */
const commands: Record<string, RefreshScope> = { refreshBlock: 'block', refreshSheet: 'sheet', refreshWorkbook: 'workbook' };

type Listener = (scope: RefreshScope) => void;
let listener: Listener | undefined;
let waiting: RefreshScope | undefined;

/** The pane takes requests once it can show them; one that came earlier is handed over at once. */
export function onRefreshRequest(take: Listener): () => void {
  listener = take;
  if (waiting !== undefined) take(waiting);
  waiting = undefined;
  return () => {
    if (listener === take) listener = undefined;
  };
}

async function request(scope: RefreshScope): Promise<void> {
  // Progress, questions and failures need a place to be shown.
  await Office.addin.showAsTaskpane();
  if (listener === undefined) waiting = scope;
  else listener(scope);
}

/** Joins the ribbon's buttons to the pane: they live in the same page. */
export function connectRibbon(): void {
  for (const [name, scope] of Object.entries(commands))
    Office.actions.associate(name, (event: Office.AddinCommands.Event) => {
      void request(scope).finally(() => {
        event.completed();
      });
    });
}

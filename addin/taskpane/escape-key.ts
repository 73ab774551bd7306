const openParts = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="combobox"][aria-expanded="true"]';

/**
 * Office.js takes every Escape as the wish to go back to the sheet. One that closes a dialog, a menu or a list of the
 * pane is not: it stays here, and so does the focus.
 */
export function keepEscapeInPane(): void {
  let closesSomething = false;
  document.addEventListener(
    'keydown',
    ({ key }) => {
      closesSomething = key === 'Escape' && document.querySelector(openParts) !== null;
    },
    { capture: true },
  );
  // Office.js listens on the window, after this.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && closesSomething) event.stopPropagation();
  });
}

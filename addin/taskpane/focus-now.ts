/**
 * As a `ref`: takes the focus when the element appears. Where a dialog changes under the person, the focus would
 * otherwise fall to the page, and Escape would no longer reach the dialog.
 */
export function focusNow(element: HTMLElement | null): void {
  element?.focus();
}

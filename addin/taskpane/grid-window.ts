export const rowHeight = 28;

/** Browsers refuse elements much taller than this; beyond it the scroll bar stands for more than one row a step. */
const mostPixels = 8_000_000;

export interface GridWindow {
  /** Height of what scrolls. */
  height: number;
  /** First row drawn and where it is drawn. */
  first: number;
  top: number;
  count: number;
}

/** Which rows of `total` are in sight, for a scroll position. */
export function gridWindow(total: number, scrollTop: number, viewport: number): GridWindow {
  const natural = total * rowHeight;
  const height = Math.min(natural, mostPixels);
  const count = Math.min(total, Math.ceil(viewport / rowHeight) + 2);
  const scrollable = height - viewport;
  if (scrollable <= 0) return { height, first: 0, top: 0, count };
  const position = natural <= mostPixels ? scrollTop : (Math.min(scrollTop, scrollable) / scrollable) * (natural - viewport);
  const first = Math.max(0, Math.min(Math.floor(position / rowHeight), total - count));
  return { height, first, top: scrollTop - (position - first * rowHeight), count };
}

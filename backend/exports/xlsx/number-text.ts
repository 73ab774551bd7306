/** Excel shows 15 digits; what has more (card numbers, UInt64, wide decimals) must stay text to stay whole. */
export const exactDigits = 15;

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether a number written as `text` keeps all its digits as an Excel number. Floats are doubles already. */
export function fitsNumber(text: string, exact: boolean): boolean {
  if (!number.test(text)) return false;
  if (!exact) return Number.isFinite(Number(text));
  const digits = text.replace(/[eE].*$/, '').replace(/(\.\d*?)0+$/, '$1').replace(/\D/g, '').replace(/^0+/, '');
  return digits.length <= exactDigits && Number.isFinite(Number(text));
}

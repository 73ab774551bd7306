import { describe, expect, it } from 'vitest';
import { contentDisposition, safeFileName } from '../../backend/exports/index.ts';

describe('a file name', () => {
  it.each([
    ['Карты Лента 2026-10', 'Карты Лента 2026-10.xlsx'],
    ['Карты: «Лента» / 2026?', 'Карты «Лента» 2026.xlsx'],
    ['../../etc/passwd', 'etc passwd.xlsx'],
    ['C:\\Windows\\x', 'C Windows x.xlsx'],
    ['a\u0000b\r\nc\u202egnp', 'a b c gnp.xlsx'],
    ['CON', '_CON.xlsx'],
    ['lpt1.старый', '_lpt1.старый.xlsx'],
    ['.скрытый. ', 'скрытый.xlsx'],
    ['   ', 'tasksheet.xlsx'],
    ['', 'tasksheet.xlsx'],
    ['\ud83d', 'tasksheet.xlsx'],
    ['100 % 😀', '100 % 😀.xlsx'],
  ])('of %j is %j', (name, safe) => {
    expect(safeFileName(name, '.xlsx')).toBe(safe);
  });

  it('stays short enough for every file system, in bytes, without half characters', () => {
    for (const name of ['ю'.repeat(500), '😀'.repeat(500), `a${'😀'.repeat(500)}`]) {
      const safe = safeFileName(name, '.xlsx');
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
      expect(Buffer.byteLength(safe)).toBeGreaterThan(190);
      expect(safe).not.toContain('\ufffd');
      expect(Buffer.from(safe, 'utf8').toString('utf8')).toBe(safe);
    }
  });
});

describe('the header that names a download', () => {
  it('has the name in UTF-8 and one in ASCII (RFC 6266, RFC 8187)', () => {
    expect(contentDisposition('Карты Лента 2026-10.xlsx')).toBe(
      "attachment; filename=\"2026-10.xlsx\"; filename*=UTF-8''%D0%9A%D0%B0%D1%80%D1%82%D1%8B%20%D0%9B%D0%B5%D0%BD%D1%82%D0%B0%202026-10.xlsx",
    );
    expect(contentDisposition("it's (a*b) 100%.csv")).toBe("attachment; filename=\"it s a b 100.csv\"; filename*=UTF-8''it%27s%20%28a%20b%29%20100%25.csv");
    expect(contentDisposition('Карты.csv')).toContain('filename="tasksheet.csv"');
  });

  it('cannot be broken out of', () => {
    const header = contentDisposition('x"; filename="evil.exe\r\nSet-Cookie: a=b.xlsx');
    expect(header).toMatch(/^attachment; filename="[A-Za-z0-9 ._-]+"; filename\*=UTF-8''[A-Za-z0-9%._~!-]+$/);
    expect(header).toMatch(/\.xlsx$/);
  });
});

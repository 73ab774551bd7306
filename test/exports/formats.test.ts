import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportFormats, type ExportFormat } from '../../backend/exports/index.ts';
import { linkFormats } from '../../shared/run.ts';

const folder = new URL('../../backend/exports/', import.meta.url);

function isFormat(value: unknown): value is ExportFormat {
  return typeof value === 'object' && value !== null && 'mimeType' in value && 'write' in value;
}

describe('the list of export formats', () => {
  it('holds every format that a file of the folder exports', async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !['index.ts', 'xlsx-worker.ts'].includes(name));
    const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href) as Promise<Record<string, unknown>>));
    const found = modules.flatMap((module) => Object.values(module).filter(isFormat));
    expect(found.map(({ id }) => id).sort()).toEqual(Object.keys(exportFormats).sort());
  });

  it('holds every format that a link may ask for, under its own name', () => {
    expect(linkFormats.map((id) => exportFormats[id].id)).toEqual([...linkFormats]);
    for (const { extension, mimeType } of Object.values(exportFormats)) {
      expect(extension).toMatch(/^\.[a-z]+$/);
      expect(mimeType).toMatch(/^[a-z]+\/[a-z.-]+/);
    }
  });
});

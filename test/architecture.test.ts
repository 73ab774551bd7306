import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What each folder may import of ours, itself aside. A file named here is a layer of its own. */
const mayImport: Record<string, string[]> = {
  shared: [],
  addin: ['shared'],
  'backend/log.ts': [],
  'backend/config.ts': ['shared', 'backend/catalog-remote/address.ts'],
  'backend/catalog-remote/address.ts': [],
  'backend/catalog-remote': ['shared', 'backend/catalog-remote/address.ts', 'backend/catalog/task.ts', 'backend/log.ts'],
  'backend/catalog/task.ts': ['shared'],
  'backend/workbench/workbench.ts': ['shared'],
  'backend/workbench': ['shared', 'backend/workbench/workbench.ts', 'backend/workbench/cast-types.ts', 'backend/log.ts'],
  'backend/workbench/cast-types.ts': ['shared', 'backend/workbench/workbench.ts', 'backend/workbench'],
  'backend/sources/secret.ts': [],
  'backend/sources/source-ledger.ts': [],
  'backend/sources/own-view.ts': ['backend/workbench/workbench.ts'],
  'backend/sources': ['shared', 'backend/workbench/workbench.ts', 'backend/workbench/cast-types.ts', 'backend/workbench', 'backend/sources/secret.ts', 'backend/sources/source-ledger.ts', 'backend/sources/own-view.ts', 'backend/table-files'],
  'backend/exports': ['shared'],
  'backend/stand-ins': ['backend/sources'],
  'backend/sample-services': ['backend/stand-ins', 'backend/sources', 'backend/sources/secret.ts', 'backend/workbench/workbench.ts'],
  'backend/alerts': ['shared', 'backend/access', 'backend/catalog/task.ts', 'backend/log.ts', 'backend/sources/secret.ts', 'backend/state', 'backend/alerts/channels'],
  'backend/alerts/channels': ['shared', 'backend/sources/secret.ts'],
  'backend/sample': ['shared'],
  'backend/table-files': ['shared', 'backend/workbench/workbench.ts'],
  'backend/uploads': ['shared', 'backend/state', 'backend/table-files', 'backend/workbench', 'backend/workbench/workbench.ts'],
  'backend/state': ['shared', 'backend/log.ts', 'backend/sources/source-ledger.ts'],
  'backend/template': ['shared', 'backend/catalog/task.ts'],
  'backend/catalog': ['shared', 'backend/template', 'backend/catalog/task.ts', 'backend/sources/secret.ts', 'backend/workbench/cast-types.ts'],
  'backend/zeppelin/names.ts': [],
  'backend/authoring': ['shared', 'backend/catalog', 'backend/template', 'backend/zeppelin/names.ts'],
  'backend/zeppelin/grammar': [],
  'backend/zeppelin': ['shared', 'backend/catalog', 'backend/catalog/task.ts', 'backend/template', 'backend/zeppelin/grammar', 'backend/zeppelin/names.ts'],
  'backend/access': ['shared', 'backend/state', 'backend/catalog/task.ts'],
  'backend/forms': ['shared', 'backend/catalog', 'backend/catalog/task.ts', 'backend/template', 'backend/sources', 'backend/uploads', 'backend/workbench/workbench.ts', 'backend/access'],
  'backend/runs': ['shared', 'backend/access', 'backend/catalog', 'backend/catalog/task.ts', 'backend/exports', 'backend/forms', 'backend/log.ts', 'backend/sources', 'backend/state', 'backend/template', 'backend/uploads', 'backend/workbench/workbench.ts'],
  'backend/own-data': ['shared', 'backend/catalog/task.ts', 'backend/sources/own-view.ts', 'backend/state'],
  'backend/operation': ['shared', 'backend/catalog/task.ts', 'backend/sources'],
  'backend/metrics': ['shared', 'backend/catalog/task.ts', 'backend/runs', 'backend/sources', 'backend/template', 'backend/workbench/workbench.ts'],
  'backend/monitors/calendar.ts': ['shared', 'backend/catalog', 'backend/catalog/task.ts'],
  'backend/monitors/detector': ['shared', 'backend/monitors/calendar.ts'],
  'backend/experiments': ['shared', 'backend/access', 'backend/catalog', 'backend/catalog/task.ts', 'backend/runs', 'backend/sources', 'backend/state', 'backend/workbench/workbench.ts'],
  'backend/draws': ['shared', 'backend/access', 'backend/catalog', 'backend/catalog/task.ts', 'backend/forms', 'backend/runs', 'backend/state', 'backend/workbench/workbench.ts'],
  'backend/examples': ['shared', 'backend/access', 'backend/catalog/task.ts', 'backend/log.ts', 'backend/runs', 'backend/state', 'backend/uploads'],
  'backend/server': ['shared', 'backend/examples', 'backend/access', 'backend/alerts', 'backend/draws', 'backend/experiments', 'backend/catalog/task.ts', 'backend/exports', 'backend/forms', 'backend/log.ts', 'backend/metrics', 'backend/operation', 'backend/runs', 'backend/sources', 'backend/state', 'backend/uploads', 'backend/workbench/workbench.ts'],
  backend: ['*'],
};

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const files = ['shared', 'addin', 'backend'].flatMap(sourceFiles);
const layers = Object.keys(mayImport).sort((one, other) => other.length - one.length);
const layerOf = (file: string) => layers.find((layer) => file === layer || file.startsWith(`${layer}/`)) ?? '?';

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, path = '']) => relative(root, resolve(root, dirname(file), path))).filter((path) => files.includes(path));
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));

test('imports point down: each folder sees only what is below it', () => {
  const wrong = [...graph].flatMap(([file, imports]) => {
    const layer = layerOf(file);
    const allowed = mayImport[layer] ?? [];
    return imports.filter((path) => layerOf(path) !== layer && !allowed.includes('*') && !allowed.includes(layerOf(path))).map((path) => `${file} → ${path}`);
  });
  expect(wrong).toEqual([]);
});

test('no file imports itself through others', () => {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, trail: string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  files.forEach((file) => visit(file, []));
  expect(cycles).toEqual([]);
});

test('only addin/sheet calls Excel.run, only addin/backend.ts calls fetch, only the config reads the environment', () => {
  const holding = (pattern: RegExp, folder: string) => files.filter((file) => file.startsWith(folder) && pattern.test(readFileSync(join(root, file), 'utf8')));
  expect(holding(/\bExcel\.run\(/, 'addin').filter((file) => !file.startsWith('addin/sheet/'))).toEqual([]);
  expect(holding(/(?<![.\w])fetch\(/, 'addin').filter((file) => file !== 'addin/backend.ts')).toEqual([]);
  expect(holding(/process\.env\b/, 'backend').filter((file) => !['backend/main.ts', 'backend/workbench/engine-process.ts', 'backend/workbench/embedded-engine.ts'].includes(file))).toEqual([]);
});

test.each(['shared/fields', 'backend/sources', 'addin/fields', 'addin/functions'])('every kind in %s stands in its list', (folder) => {
  const list = `${folder}/index.ts`;
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    (graph.get(file) ?? []).forEach(reach);
  };
  const found = files.includes(list) ? list : `${list}x`;
  reach(found);
  const contracts = ['field-kind.ts', 'source.ts', 'open-sources.ts', 'broken-source.ts', 'secret.ts'].map((name) => `${folder}/${name}`);
  expect(files.filter((file) => dirname(file) === folder && !reached.has(file) && !contracts.includes(file))).toEqual([]);
});

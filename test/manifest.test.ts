import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const schemas = join(root, '../shared/manifest-xsd');
const manifest = readFileSync(join(root, 'manifest.xml'), 'utf8');

async function faultsOf(contents: string): Promise<string[]> {
  const files = readdirSync(schemas).filter((name) => name.endsWith('.xsd'));
  const read = (fileName: string) => ({ fileName, contents: readFileSync(join(schemas, fileName), 'utf8') });
  const main = 'OfficeAppManifestV1_1.xsd';
  const { errors } = await validateXML({
    xml: { fileName: 'manifest.xml', contents },
    schema: [read(main)],
    preload: files.filter((name) => name !== main).map(read),
  });
  return errors.map((error) => error.message);
}

test('the schemas that check the manifest are there wherever CI runs', () => {
  if (process.env['CI'] === 'true') expect(existsSync(schemas)).toBe(true);
});

test.runIf(existsSync(schemas))('the manifest satisfies the schemas of Office add-ins', async () => {
  expect(await faultsOf(manifest)).toEqual([]);
});

test.runIf(existsSync(schemas))('a misspelt element or a wrong order is refused, so the check can fail', async () => {
  expect(await faultsOf(manifest.replaceAll('ProviderName', 'ProvidorName'))).not.toEqual([]);
  expect(await faultsOf(manifest.replace('<Version>1.0.0.0</Version>', '').replace('<DefaultLocale>', '<Version>1.0.0.0</Version><DefaultLocale>'))).not.toEqual([]);
});

test('every text and picture that the manifest names is there, in both languages', () => {
  const used = [...manifest.matchAll(/resid="([^"]+)"/g)].map(([, id]) => id);
  const defined = new Set([...manifest.matchAll(/<bt:(?:String|Url|Image) id="([^"]+)"/g)].map(([, id]) => id));
  expect(used.filter((id) => !defined.has(id))).toEqual([]);
  const untranslated = [...manifest.matchAll(/<bt:String id="([^"]+)" DefaultValue="[^"]*"\s*\/>/g)].map(([, id]) => id);
  expect(untranslated).toEqual(['Functions.Namespace', 'Group.Label']);
  const pictures = [...manifest.matchAll(/localhost:3000\/(assets\/[\w-]+\.png)/g)].map(([, path]) => path ?? '');
  expect(pictures.filter((path) => !existsSync(join(root, 'addin/public', path)))).toEqual([]);
});

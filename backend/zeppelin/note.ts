import { z } from 'zod';
import type { LocalText } from '../../shared/language.ts';

/** A value as the last person left it. It is evidence of what a form is for, and goes no further. */
type Params = Record<string, unknown>;

const params = z.record(z.string(), z.unknown()).catch({});

const storedOption = z.object({ value: z.unknown(), displayName: z.string().optional().catch(undefined) });

/** A form as a note keeps it: of today's shape, or of an old one without `type` and `displayName`. */
const storedForm = z.object({
  name: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  displayName: z.string().optional().catch(undefined),
  defaultValue: z.unknown(),
  options: z.array(storedOption).optional().catch(undefined),
});
export type StoredForm = z.infer<typeof storedForm>;

const forms = z.record(z.string(), storedForm).catch({});
const text = z.string().nullish().catch(undefined).transform((written) => written ?? '');

const storedParagraph = z.object({
  title: text,
  text,
  user: text,
  config: z.object({ enabled: z.boolean().optional().catch(undefined) }).optional().catch(undefined),
  settings: z.object({ params, forms }).partial().optional().catch(undefined),
});

const storedNote = z.object({
  id: text,
  name: text,
  path: text,
  defaultInterpreterGroup: text,
  paragraphs: z.array(storedParagraph),
  noteParams: params.optional(),
  noteForms: forms.optional(),
  config: z.object({ cron: text }).partial().optional().catch(undefined),
});

export interface Paragraph {
  /** From 1, as Zeppelin counts them on the screen. */
  number: number;
  title: string;
  text: string;
  user: string;
  enabled: boolean;
  params: Params;
  forms: Record<string, StoredForm>;
}

/** A note of any version, without results and without its readers' traces. */
export interface Note {
  id: string;
  /** Without folders. */
  name: string;
  defaultInterpreter: string;
  cron: string;
  paragraphs: Paragraph[];
  noteParams: Params;
}

/** Reads the text of a `.zpln` or `note.json`, or says why it is none. `fileName` names a note that does not name itself. */
export function readNote(json: string, fileName: string): Note | { broken: LocalText } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { broken: { ru: `Файл — не правильный JSON (${reason}). Откройте заметку в Zeppelin и выгрузите её ещё раз.`, en: `The file is not valid JSON (${reason}). Open the note in Zeppelin and export it again.` } };
  }
  const read = storedNote.safeParse(parsed);
  if (!read.success)
    return { broken: { ru: 'Это JSON, но не заметка Zeppelin: в нём нет списка paragraphs. Выгрузите заметку кнопкой Export.', en: 'It is JSON but no Zeppelin note: it has no list of paragraphs. Export the note with its Export button.' } };
  const { id, name, path, defaultInterpreterGroup, paragraphs, noteParams, config } = read.data;
  return {
    id,
    name: lastPart(name) || lastPart(path) || nameOfFile(fileName) || id,
    defaultInterpreter: defaultInterpreterGroup,
    cron: config?.cron ?? '',
    noteParams: noteParams ?? {},
    paragraphs: paragraphs.map((paragraph, index) => ({
      number: index + 1,
      title: paragraph.title.trim(),
      text: paragraph.text.replaceAll('\r\n', '\n'),
      user: paragraph.user,
      enabled: paragraph.config?.enabled !== false,
      params: paragraph.settings?.params ?? {},
      forms: paragraph.settings?.forms ?? {},
    })),
  };
}

function lastPart(path: string): string {
  return path.split('/').filter((part) => part.trim() !== '').at(-1)?.trim() ?? '';
}

/** `Cards of a partner_2FZ1ABCDE.zpln` → `Cards of a partner`. */
function nameOfFile(fileName: string): string {
  return fileName === 'note.json' ? '' : fileName.replace(/\.\w+$/, '').replace(/_2[A-Z0-9]{8}$/, '');
}

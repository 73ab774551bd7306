import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { brokenWorkbook } from './zip-file.ts';

export interface XmlListener {
  /** `name` without its prefix: spreadsheets may be written with any. */
  open?: (name: string, attributes: Record<string, string>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Tells a listener what stands in XML, piece by piece; entities of a document's own are refused. */
export class XmlEvents {
  private readonly parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  private readonly decoder = new TextDecoder();

  constructor({ open, text, close }: XmlListener) {
    this.parser.on('error', (error) => {
      throw brokenWorkbook(error);
    });
    this.parser.on('doctype', () => {
      throw brokenWorkbook(new Error('a document type'));
    });
    if (open !== undefined) this.parser.on('opentag', (tag: SaxesTagPlain) => open(localName(tag.name), tag.attributes));
    if (text !== undefined) {
      this.parser.on('text', text);
      this.parser.on('cdata', text);
    }
    if (close !== undefined) this.parser.on('closetag', (tag: SaxesTagPlain) => close(localName(tag.name)));
  }

  write(bytes: Uint8Array): void {
    this.parser.write(this.decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.parser.write(this.decoder.decode()).close();
  }
}

/** The whole of one part. */
export async function readXml(parts: AsyncIterable<Uint8Array>, listener: XmlListener): Promise<void> {
  const events = new XmlEvents(listener);
  for await (const part of parts) events.write(part);
  events.end();
}

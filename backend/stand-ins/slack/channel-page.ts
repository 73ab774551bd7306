import type { PostedMessage, StandInBlock } from './payload.ts';

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Slack's own text: what is between < and > is a link or a mention, the rest is escaped already. */
function markup(text: string): string {
  return text
    .split(/(<[^>]*>)/)
    .map((part) => {
      const [, target = '', label] = /^<([^|>]*)(?:\|([^>]*))?>$/.exec(part) ?? [];
      if (target === '') return part.replace(/`([^`\n]+)`/g, '<code>$1</code>').replaceAll('"', '&quot;');
      const safe = target.replaceAll('"', '%22');
      return /^https?:/.test(target) ? `<a href="${safe}" target="_blank" rel="noreferrer">${label ?? safe}</a>` : `<b>@${escape(target.replace(/^[!@]/, ''))}</b>`;
    })
    .join('');
}

function textOf({ type, text }: { type: 'plain_text' | 'mrkdwn'; text: string }): string {
  return type === 'mrkdwn' ? markup(text) : escape(text);
}

function blockHtml(block: StandInBlock): string {
  switch (block.type) {
    case 'header':
      return `<h2>${textOf(block.text)}</h2>`;
    case 'section':
      return `<p>${textOf(block.text)}</p>`;
    case 'image':
      return `<img alt="${escape(block.alt_text)}" src="${escape('image_url' in block ? block.image_url : `/files/${block.slack_file.id}`)}">`;
    case 'context':
      return `<small>${block.elements.map(textOf).join(' ')}</small>`;
    case 'divider':
      return '<hr>';
  }
}

/** The channel as its readers see it, newest last; it looks for news by itself. */
export function channelPage(messages: readonly PostedMessage[]): string {
  const posts = messages.map(({ at, text, blocks }) => `<article><time>${escape(at.toISOString().slice(0, 16).replace('T', ' '))}</time>${blocks.length === 0 ? `<p>${markup(text)}</p>` : blocks.map(blockHtml).join('')}</article>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><meta name="viewport" content="width=device-width"><title>#analytics</title><style>
body{font:15px/1.45 "Segoe UI",system-ui,sans-serif;max-width:44rem;margin:1.5rem auto;padding:0 1rem}article{border-bottom:1px solid #ddd;padding:.75rem 0}h2{font-size:1rem;margin:.2rem 0}p{white-space:pre-line;margin:.3rem 0}img{max-width:100%;border:1px solid #ddd;border-radius:6px}time,small{color:#666}
</style></head><body><h1>#analytics</h1><p>A stand-in for Slack on this machine.</p>${posts.join('') || '<p>Nothing yet.</p>'}</body></html>`;
}

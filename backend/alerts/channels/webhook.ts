import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { secret } from '../../sources/secret.ts';
import { channelKind } from './channel.ts';
import { post } from './post.ts';

/** Any program that takes a POST of JSON. Each message carries its number, by which a receiver knows a repeat. */
export const webhook = channelKind({
  kind: 'webhook',
  settings: z.strictObject({ address: secret() }),
  open({ address }, { standIn, answerSeconds }) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const trusted = url?.origin === standIn;
    if (url === undefined || (url.protocol !== 'https:' && !trusted))
      throw new Problem('invalid_request', { ru: 'Адрес вебхука должен начинаться с https://.', en: 'The address of a webhook must begin with https://.' });
    return {
      lane: `webhook ${createHash('sha256').update(url.href).digest('hex').slice(0, 16)}`,
      async send({ chart, ...message }, signal) {
        const body = JSON.stringify({ ...message, ...(chart?.url === undefined ? {} : { chart: { url: chart.url, alt: chart.alt } }) });
        const answer = await post({ url: url.href, body, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': String(message.number) }, trusted, answerSeconds, signal });
        if (answer.kind === 'unsent') return { outcome: 'later', trouble: answer.trouble };
        // The number tells a repeat, so an unknown outcome may simply be tried again.
        if (answer.kind === 'unknown') return { outcome: 'later', trouble: answer.trouble };
        if (answer.status >= 200 && answer.status < 300) return { outcome: 'sent' };
        const trouble = `HTTP ${answer.status}`;
        if (answer.status === 408 || answer.status === 429 || answer.status >= 500) return { outcome: 'later', trouble, ...(answer.retryAfter === undefined ? {} : { afterSeconds: answer.retryAfter }) };
        if (answer.status === 400 || answer.status === 413 || answer.status === 422) return { outcome: 'refused', trouble };
        return { outcome: 'broken', trouble: { ru: `Вебхук не принимает сообщения (${trouble}). Проверьте его адрес и права, затем: tasksheet alert test.`, en: `The webhook does not take messages (${trouble}). Check its address and rights, then: tasksheet alert test.` } };
      },
    };
  },
});

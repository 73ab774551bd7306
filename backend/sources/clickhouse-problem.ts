import type { LocalText } from '../../shared/language.ts';
import { Problem, type ProblemCode } from '../../shared/problem.ts';
import { EngineError, HttpAnswerError, engineProblem } from '../workbench/engine-problem.ts';

/** Names of failures on the way to a server, with what they mean and what mends them. */
const ways: { codes: RegExp; text: LocalText }[] = [
  { codes: /^(ENOTFOUND|EAI_AGAIN)$/, text: { ru: 'такого имени в сети нет. Проверьте url в sources.yaml', en: 'the network knows no such host. Check its url in sources.yaml' } },
  { codes: /^ECONNREFUSED$/, text: { ru: 'по этому адресу и порту никто не отвечает. Проверьте порт (обычно 8123, с HTTPS 8443) и что сервер запущен', en: 'nobody listens at that address and port. Check the port (usually 8123, with HTTPS 8443) and that the server runs' } },
  { codes: /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, text: { ru: 'до сервера нет пути. Проверьте сеть и межсетевой экран', en: 'there is no route to it. Check the network and the firewall' } },
  { codes: /^(ERR_SSL_WRONG_VERSION_NUMBER|EPROTO|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/, text: { ru: 'на этом порту нет HTTPS. Поставьте порт с HTTPS (обычно 8443) или http в url', en: 'there is no HTTPS on that port. Use the HTTPS port (usually 8443), or http in its url' } },
  { codes: /^(SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED|CERT_SIGNATURE)/, text: { ru: 'его сертификат подписан неизвестным центром. Укажите файл этого центра в ca', en: 'its certificate is signed by an unknown authority. Give that authority’s file in ca' } },
  { codes: /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, text: { ru: 'срок его сертификата не подходит. Обновите сертификат, проверьте часы', en: 'its certificate is out of its time. Renew it, and check the clocks' } },
  { codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/, text: { ru: 'его сертификат выдан на другое имя. Укажите в url имя из сертификата', en: 'its certificate is for another name. Use the certificate’s name in its url' } },
  { codes: /^HPE_/, text: { ru: 'на этом порту отвечает не HTTP. Проверьте порт (обычно 8123, с HTTPS 8443)', en: 'what answers on that port is not HTTP. Check the port (usually 8123, with HTTPS 8443)' } },
];
const brokenOff: LocalText = { ru: 'ответ оборвался. Запустите ещё раз', en: 'its answer broke off. Run it again' };
const wrongLogin = new Set([192, 193, 194, 516]);
const noRight = 497;
/** Bytes of a table that end too early, as whoever reads them says. */
const cutShort = new Set([3, 32, 33]);

/** A failure of a server in words that name the source. What the server says of a query stays as it is. */
export function sourceProblem(source: string, error: unknown): Problem {
  const problem = engineProblem(error);
  const { cause } = problem;
  if (cause instanceof EngineError) return exceptionProblem(source, problem, cause);
  if (cause instanceof HttpAnswerError) return told('source_unreachable', source, answerText(cause.status), cause);
  if (problem.code !== 'source_unreachable' && problem.code !== 'interrupted') return problem;
  const code = errorCode(cause);
  const way = ways.find(({ codes }) => codes.test(code));
  if (way) return told('source_unreachable', source, way.text, cause);
  return problem.code === 'interrupted' && cause !== undefined ? told('interrupted', source, brokenOff, cause) : problem;
}

/** A server that does not answer at all. */
export function silent(source: string, seconds: number): Problem {
  return told('source_unreachable', source, { ru: `за ${seconds} с ответа не было. Проверьте адрес, сеть и нагрузку сервера`, en: `there was no answer within ${seconds} s. Check the address, the network and the load of the server` });
}

/** What the workbench could not read of a server's rows. */
export function unreadable(source: string, error: unknown): unknown {
  const cause = error instanceof Problem ? error.cause : undefined;
  return cause instanceof EngineError && cutShort.has(cause.code) ? told('interrupted', source, brokenOff, cause) : error;
}

/** Whether asking once more, or elsewhere, may help: the server itself has refused nothing. */
export function isOfTheWay(error: unknown): boolean {
  if (!(error instanceof Problem) || (error.code !== 'source_unreachable' && error.code !== 'interrupted')) return false;
  if (error.cause instanceof HttpAnswerError) return error.cause.status >= 502 && error.cause.status <= 504;
  return error.cause === undefined ? error.code === 'source_unreachable' : !(error.cause instanceof EngineError);
}

/** Whether a connection that was kept had been closed by the other side: a new one may do. */
export function isReset(error: unknown): boolean {
  return error instanceof Problem && /^(ECONNRESET|EPIPE)$/.test(errorCode(error.cause));
}

function exceptionProblem(source: string, problem: Problem, error: EngineError): Problem {
  if (wrongLogin.has(error.code))
    return told('source_unreachable', source, { ru: 'пользователь или пароль не подошли. Проверьте user и password в sources.yaml и переменную окружения', en: 'user or password were not accepted. Check user and password in sources.yaml and the environment’s variable' }, error);
  if (error.code !== noRight) return problem;
  const grant = /grant\s+([A-Z][^.;]{0,200}\bON\b\s+[^\s;]{1,200}?)\.?(?:\s|$)/.exec(error.message)?.[1];
  const [ru, en] = grant === undefined ? ['', ''] : [` Нужно: GRANT ${grant}.`, ` It needs: GRANT ${grant}.`];
  return new Problem('query_failed', { ru: `У пользователя источника «${source}» нет права на этот запрос.${ru}`, en: `The user of the source “${source}” may not run this query.${en}` }, { cause: error });
}

function answerText(status: number): LocalText {
  if (status >= 300 && status < 400) return { ru: `по этому адресу перенаправление (${status}), за ним не ходят. Укажите в url сам сервер`, en: `that address answers with a redirect (${status}), which is not followed. Give the server itself in its url` };
  if (status === 401 || status === 403) return { ru: `доступ закрыт (${status}), и не самим ClickHouse. Проверьте прокси перед ним`, en: `access was refused (${status}), and not by ClickHouse itself. Check the proxy in front of it` };
  return { ru: `вместо ClickHouse ответило что-то другое (${status}). Проверьте url и прокси перед сервером`, en: `something other than ClickHouse answered (${status}). Check its url and the proxy in front of it` };
}

function told(code: ProblemCode, source: string, { ru, en }: LocalText, cause?: unknown): Problem {
  return new Problem(code, { ru: `Источник «${source}»: ${ru}.`, en: `Source “${source}”: ${en}.` }, { cause });
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

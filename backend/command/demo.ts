import type { Config } from '../config.ts';
import type { ExitCode } from './command.ts';
import { serve } from './serve.ts';

const loopback = ['127.0.0.1', 'localhost', '::1'];

/** The product with the sample company on this machine alone: nothing to set up, sample people to sign in as. */
export async function demo(config: Config, options: { version: string; signal: AbortSignal }): Promise<ExitCode> {
  if (!loopback.includes(config.host)) {
    process.stderr.write(`The demo lets anyone in as a sample person, so it listens on this machine only. TASKSHEET_HOST is ${config.host}; use "tasksheet serve" instead.\n`);
    return 2;
  }
  const russian = config.language === 'ru';
  const interactive = process.stdout.isTTY;
  let last = '';
  const status = (text: string) => {
    if (interactive) process.stdout.write(`\r\u001b[2K${text}`);
    else if (text !== last) process.stdout.write(`${text}\n`);
    last = text;
  };
  return serve(config, {
    ...options,
    demo: true,
    status,
    onReady: (address, { sampleChannel = '' }) => {
      if (interactive) process.stdout.write('\r\u001b[2K');
      process.stdout.write(
        russian
          ? `\n  Tasksheet готов: ${address}\n  Войдите как один из четырёх пробных сотрудников.\n  Канал оповещений (вместо Slack): ${sampleChannel}\n  Остановить: Ctrl+C\n\n`
          : `\n  Tasksheet is ready: ${address}\n  Sign in as one of the four sample people.\n  The channel of alerts (in place of Slack): ${sampleChannel}\n  Stop with Ctrl+C\n\n`,
      );
    },
  });
}

// Opens Excel with the add-in: a trusted certificate for localhost, the demo over HTTPS, then sideloading by Microsoft's tools.
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { logErrorMessage, parseNumber } from 'office-addin-cli';

const certificates = join(homedir(), '.office-addin-dev-certs');
const platforms = ['win32', 'darwin'];
/** The embedded ClickHouse has no build for Windows: there the backend needs one on another machine. */
const needsServer = process.platform === 'win32' && process.env.TASKSHEET_WORKBENCH_URL === undefined;

/** What `npm run excel` does, in order: programs of the project with their arguments and settings. */
export function excelSteps(portText = '3000') {
  const port = parseNumber(portText, 'TASKSHEET_PORT must be a number.');
  return [
    { program: 'office-addin-dev-certs', arguments: ['install'], environment: {} },
    {
      program: 'office-addin-debugging',
      arguments: ['start', 'manifest.xml', 'desktop', '--app', 'excel', '--no-debug', '--dev-server', 'node dist/backend/main.js demo', '--dev-server-port', String(port)],
      environment: {
        TASKSHEET_PORT: String(port),
        TASKSHEET_TLS_CERTIFICATE: join(certificates, 'localhost.crt'),
        TASKSHEET_TLS_KEY: join(certificates, 'localhost.key'),
      },
    },
  ];
}

function run(step) {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['--no-install', step.program, ...step.arguments], { stdio: 'inherit', shell: process.platform === 'win32', env: { ...process.env, ...step.environment } });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${step.program} ended with code ${code}.`))));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (!platforms.includes(process.platform)) throw new Error('Excel for the desktop runs on Windows and macOS only. Elsewhere use "npm start" and a browser.');
    if (needsServer) throw new Error('The embedded ClickHouse does not run on Windows. Set TASKSHEET_WORKBENCH_URL to a ClickHouse server, or run the demo in WSL.');
    for (const step of excelSteps(process.env.TASKSHEET_PORT)) await run(step);
  } catch (error) {
    logErrorMessage(error);
    process.exitCode = 1;
  }
}

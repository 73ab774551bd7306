import { encodedAnswer } from '../../backend/stand-ins/tds/encoded-answer.ts';
import { startTdsServer } from '../../backend/stand-ins/tds/sql-server.ts';
import { answerQuestions } from './helper-process.ts';
import { profileColumns, profiles } from './sources-mssql-rows.ts';

// The stand-in for SQL Server in a process of its own. Its packets are made before anything is measured.
const { rows, packetBytes } = JSON.parse(process.argv[2] ?? '') as { rows: number; packetBytes: number };
const packets = encodedAnswer(profileColumns, profiles(rows), packetBytes);
const started = startTdsServer({ user: 'reader', password: 'bench', database: 'crm', answers: [{ to: /FROM profiles/, times: 1e6, answer: { packets } }] });

answerQuestions(async (): Promise<{ port: number; bytes: number }> => ({ port: (await started).port, bytes: packets.length }));

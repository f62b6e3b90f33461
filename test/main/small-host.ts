/**
 * @file A program that stands where the host will: it listens and says so, and misbehaves as its first argument asks. The real host
 * is in test/e2e; this one dies at a word.
 */
import { createServer } from 'node:http';
import { leaveMessage } from '../../src/contract/shell.ts';

const [behaviour, , socket] = process.argv.slice(2);

const server = createServer((request, response) => {
  if (request.url === '/die') process.kill(process.pid, 'SIGKILL');
  else response.end(JSON.stringify({ pid: process.pid, environment: Object.keys(process.env) }));
});

const leave = (how: string) => () => {
  process.stdout.write(`asked by ${how}\n`);
  if (behaviour !== 'stubborn') process.exit(0);
};

process.on('SIGTERM', leave('SIGTERM'));
process.on('message', (message) => message === leaveMessage && leave('message')());
process.on('disconnect', () => process.exit(130));

if (behaviour === 'broken') process.exit(3);
process.stderr.write('{"type":"ready"}\n');
process.stdout.write('{ this is not a document\n{"type":"other"}\n');
if (behaviour !== 'silent')
  server.listen(socket, () => process.stdout.write(`${JSON.stringify({ type: 'ready', socket })}\n`));

import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are and resolves with every answer, in order, once the server has ended the connection. */
export async function exchange(port: number, ...parts: readonly (string | Buffer)[]): Promise<RawAnswer[]> {
  const socket = await open(port);
  for (const part of parts) socket.write(part);
  return answersUntilEnd(socket);
}

/** Sends bytes and is gone before there can be an answer. */
export async function askAndLeave(port: number, bytes: string): Promise<void> {
  const socket = await open(port);
  socket.write(bytes, () => socket.destroy());
  await once(socket, 'close');
}

export async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

export async function answersUntilEnd(socket: Socket): Promise<RawAnswer[]> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return parseAnswers(Buffer.concat(chunks).toString('latin1'));
}

/** Resolves with the bytes so far when they hold `text`. */
export function bytesWith(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let bytes = '';
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1');
      if (bytes.includes(text)) resolve(bytes);
    });
    socket.once('close', () => reject(new Error(`the connection ended after ${JSON.stringify(bytes)}`)));
  });
}

/** Answers with a `Content-Length` or none at all, back to back. */
export function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = text;
  while (rest.length > 0) {
    const headEnd = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const bodyEnd = headEnd + 4 + Number(headers['content-length'] ?? 0);
    answers.push({
      status: Number(statusLine.split(' ')[1]),
      headers,
      body: rest.slice(headEnd + 4, bodyEnd),
    });
    rest = rest.slice(bodyEnd);
  }
  return answers;
}

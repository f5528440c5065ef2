import { aStudent, type StudentFields } from '../factories/student.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body read as JSON; undefined where there is none. */
  readonly json: unknown;
}

export interface RequestOptions {
  /** Sent as `x-access-token`. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string | Uint8Array;
}

/** A registered student who has logged in. */
export interface Member extends StudentFields {
  readonly publicId: string;
  readonly token: string;
}

/** Speaks to the application as any client does. */
export class Client {
  /** @param url `http://127.0.0.1:PORT` */
  constructor(readonly url: string) {}

  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token !== undefined) headers['x-access-token'] = options.token;
    if (options.json !== undefined) headers['content-type'] ??= 'application/json';
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    const response = await fetch(this.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, text, json };
  }

  async get(path: string, token?: string): Promise<Answer> {
    return await this.send('GET', path, { token });
  }

  /** `POST /student`, with whatever the test calls a student. */
  async register(student: unknown, token?: string): Promise<Answer> {
    return await this.send('POST', '/student', { json: student, token });
  }

  /** `GET /login` with Basic. */
  async login(userId: string, password: string): Promise<Answer> {
    return await this.send('GET', '/login', { headers: { authorization: basic(userId, password) } });
  }

  /** The access token of a login that must succeed. */
  async tokenOf(userId: string, password: string): Promise<string> {
    const answer = await this.login(userId, password);
    if (answer.status !== 200) throw new Error(`login of ${userId}: ${answer.status} ${answer.text}`);
    return (answer.json as { token: string }).token;
  }

  /** Registers a student, who must be accepted. */
  async enrol(
    overrides: Partial<StudentFields> = {},
  ): Promise<StudentFields & { readonly publicId: string }> {
    const student = aStudent(overrides);
    const answer = await this.register(student);
    if (answer.status !== 201)
      throw new Error(`registration of ${student.name}: ${answer.status} ${answer.text}`);
    return { ...student, publicId: publicIdOf(answer) };
  }

  /** Registers a student and logs in as one. */
  async join(overrides: Partial<StudentFields> = {}): Promise<Member> {
    const student = await this.enrol(overrides);
    return { ...student, token: await this.tokenOf(student.name, student.password) };
  }
}

/** The `Authorization` of a user-id and a password (RFC 7617, UTF-8). */
export function basic(userId: string, password: string): string {
  return basicOf(`${userId}:${password}`);
}

/** The `Authorization` of any text or bytes. */
export function basicOf(credentials: string | Buffer): string {
  return `Basic ${Buffer.from(credentials as string).toString('base64')}`;
}

/** From the `Location` of a registration. */
export function publicIdOf(answer: Answer): string {
  return (answer.headers.get('location') ?? '').replace('/student/', '');
}

/** The address of the next page in `Link`, with its query; undefined on the last page. */
export function nextOf(answer: Answer): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
}

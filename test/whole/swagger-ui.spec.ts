import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** What Swagger UI shows of the answer that came: its status and its body. */
interface Shown {
  readonly status: string;
  readonly body: unknown;
}

describe('Swagger UI in a browser', () => {
  /** To look at: `SCREENSHOTS=some/folder npx jest …`. */
  const folder = process.env['SCREENSHOTS'];
  const complaints: string[] = [];
  const hosts = new Set<string>();
  let server: ServerProcess;
  let chromium: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    server = await startServer();
    chromium = await startBrowser();
    page = await chromium.browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.addInitScript({
      content: `document.addEventListener('securitypolicyviolation', (violation) =>
        console.error('policy: ' + violation.violatedDirective + ' ' + violation.blockedURI));`,
    });
  });

  afterAll(async () => {
    await chromium.close();
    await server.stop();
  });

  const shot = async (name: string): Promise<void> => {
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
  };

  /** Opens an operation, which must be closed, and executes it with what is prefilled, and the parameters given. */
  async function execute(operation: string, parameters: Record<string, string> = {}): Promise<Shown> {
    const block = page.locator(`[id="operations-${operation}"]`);
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    for (const [name, value] of Object.entries(parameters)) {
      await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
    }
    const answered = page.waitForResponse((response) => !response.url().includes('/docs'));
    await block.getByRole('button', { name: 'Execute' }).click();
    await answered;
    return await shownBy(block);
  }

  async function shownBy(block: Locator): Promise<Shown> {
    const live = block.locator('.live-responses-table .response');
    const body = await live.locator('.highlight-code code').first().textContent();
    const status = await live.locator('.response-col_status').first().innerText();
    return { status: status.trim(), body: JSON.parse(body ?? '') as unknown };
  }

  async function authorize(scheme: string, values: Record<string, string>): Promise<void> {
    await page.locator('.auth-wrapper .btn.authorize').first().click();
    const form = page
      .locator('.auth-container')
      .filter({ has: page.locator('h4 code', { hasText: scheme }) });
    for (const [input, value] of Object.entries(values)) await form.locator(input).fill(value);
    await shot(`authorize-${scheme}`);
    await form.getByRole('button', { name: 'Apply credentials' }).click();
    await form.getByRole('button', { name: 'Close' }).click();
  }

  it('walks from registration to the list, by clicking', async () => {
    await page.goto(`${server.url}/docs`);
    await page.getByRole('heading', { name: /^student-auth/ }).waitFor();
    await shot('overview');

    expect(await execute('Students-Students_register')).toEqual({
      status: '201',
      body: { message: 'New stduent created!' },
    });
    await shot('registered');

    expect(await execute('Login-Auth_logIn')).toEqual({
      status: '200',
      body: {
        token: expect.stringMatching(JWT) as string,
        refresh_token: expect.any(String) as string,
        token_type: 'Bearer',
        expires_in: 1800,
      },
    });

    await authorize('basic', { '[name=username]': 'kyunghwan1', '[name=password]': '1234' });
    const login = await execute('Login-Auth_logInForToken');
    expect(login).toEqual({ status: '200', body: { token: expect.stringMatching(JWT) as string } });

    await authorize('x-access-token', { '#api_key_value': (login.body as { token: string }).token });
    const list = await execute('Students-Students_list');
    const { students } = list.body as { students: { public_id: string }[] };
    const student = {
      email: 'ko1@naver.com',
      name: 'kyunghwan1',
      public_id: students[0]?.public_id ?? 'none',
      role: 'user',
    };
    expect(list).toEqual({ status: '200', body: { students: [student] } });
    await page
      .locator('[id="operations-Students-Students_list"] .live-responses-table')
      .scrollIntoViewIfNeeded();
    await shot('listed');

    expect(await execute('Students-Students_find', { public_id: student.public_id })).toEqual(list);
    expect(await execute('Accounts-Accounts_update', { public_id: student.public_id })).toEqual({
      status: '200',
      body: { message: 'The student has been updated!' },
    });
  });

  it('asks no other host, and neither its policy nor the console has anything to say', () => {
    expect([...hosts]).toEqual([new URL(server.url).host]);
    expect(complaints).toEqual([]);
  });

  it('works at /docs/ too, and keeps no credentials for the next visit', async () => {
    await page.goto(`${server.url}/docs/`);
    await page.getByRole('heading', { name: /^student-auth/ }).waitFor();
    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([
      0,
      0,
      '',
    ]);
    expect(complaints).toEqual([]);
  });
});

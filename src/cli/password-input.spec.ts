import { PassThrough, Readable } from 'node:stream';
import { CliFailure } from './cli-failure.js';
import { askForPassword, passwordFromStdin } from './password-input.js';

/** A terminal that keeps what it shows and whether it would echo keys by itself. */
class FakeTerminal {
  readonly rawModes: boolean[] = [];
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => void this.rawModes.push(raw),
  });
  readonly output = new PassThrough({ encoding: 'utf8' });
  private shown = '';

  constructor() {
    this.output.on('data', (text: string) => (this.shown += text));
  }

  get screen(): string {
    return this.shown;
  }

  /** Resolves once the screen ends with `text`. */
  async shows(text: string): Promise<void> {
    while (!this.shown.endsWith(text)) await new Promise((resolve) => this.output.once('data', resolve));
  }
}

describe('a password asked for on the terminal', () => {
  it('is asked for twice, and not a character of it is shown', async () => {
    const terminal = new FakeTerminal();
    const asked = askForPassword(terminal);
    await terminal.shows('Password: ');
    terminal.input.write('비밀 chalk\r');
    await terminal.shows('Once more: ');
    terminal.input.write('비밀 chalk\r');
    expect(await asked).toBe('비밀 chalk');
    expect(terminal.screen).toBe('Password: \nOnce more: \n');
    // Raw while it is typed, so that the terminal itself echoes nothing; as it was afterwards.
    expect([terminal.rawModes[0], terminal.rawModes.at(-1)]).toEqual([true, false]);
  });

  it('may be corrected while it is typed, and keeps its spaces', async () => {
    const terminal = new FakeTerminal();
    const asked = askForPassword(terminal);
    terminal.input.write(' chalkk\u007f \r');
    await terminal.shows('Once more: ');
    terminal.input.write(' chalk \r');
    expect(await asked).toBe(' chalk ');
  });

  it('may be pasted with its repetition', async () => {
    const terminal = new FakeTerminal();
    terminal.input.write('chalk and board\rchalk and board\r');
    expect(await askForPassword(terminal)).toBe('chalk and board');
  });

  it('is refused when the second differs from the first', async () => {
    const terminal = new FakeTerminal();
    terminal.input.write('chalk and board\rchalk and bored\r');
    await expect(askForPassword(terminal)).rejects.toThrow(
      new CliFailure('The two passwords differ; nothing was changed.'),
    );
  });

  it.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('can be called off with %s', async (_keys, typed) => {
    const terminal = new FakeTerminal();
    const asked = askForPassword(terminal);
    await terminal.shows('Password: ');
    terminal.input.write(typed);
    await expect(asked).rejects.toThrow(new CliFailure('Cancelled; nothing was changed.'));
    expect(terminal.rawModes.at(-1)).toBe(false);
  });

  it('is not asked for where there is no terminal', async () => {
    const { output } = new FakeTerminal();
    await expect(askForPassword({ input: new PassThrough(), output })).rejects.toThrow(/--password-stdin/);
    expect(output.read()).toBeNull();
  });
});

describe('a password on standard input', () => {
  it.each([
    ['chalk', 'chalk'],
    ['chalk\n', 'chalk'],
    ['chalk\r\n', 'chalk'],
    ['chalk\n\n', 'chalk\n'],
    [' chalk \r', ' chalk \r'],
    ['', ''],
  ])('is %j less one final line break', async (sent, password) => {
    expect(await passwordFromStdin(Readable.from([Buffer.from(sent)]))).toBe(password);
  });

  it('must be UTF-8, also where a character comes in two pieces', async () => {
    expect(await passwordFromStdin(Readable.from([Buffer.of(0xc3), Buffer.of(0xa9)]))).toBe('é');
    await expect(passwordFromStdin(Readable.from([Buffer.of(0xe9)]))).rejects.toThrow(
      new CliFailure('The password on standard input is not valid UTF-8.'),
    );
  });
});

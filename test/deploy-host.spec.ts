import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deployFile,
  environmentFile,
  knownVariables,
  SHUTDOWN_S,
  settingsOf,
  yamlOf,
} from './support/deploy-files.js';
import { ROOT } from './support/server-process.js';

/** What there is on this machine is asked too; what is checked without it stands on its own. */
const isInstalled = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Those that the units use, where systemd.unit(5), systemd.exec(5), systemd.service(5) and systemd.timer(5) have them. */
const DIRECTIVES: Readonly<Record<string, readonly string[]>> = {
  Unit: ['Description', 'Wants', 'After', 'StartLimitIntervalSec', 'StartLimitBurst'],
  Service: [
    ...[
      'Type',
      'User',
      'Group',
      'WorkingDirectory',
      'EnvironmentFile',
      'ExecStart',
      'ExecStartPost',
      'ExecReload',
    ],
    ...['Restart', 'RestartSec', 'KillSignal', 'TimeoutStopSec', 'LimitNOFILE', 'Nice', 'IOSchedulingClass'],
    ...[
      'StateDirectory',
      'StateDirectoryMode',
      'UMask',
      'ReadWritePaths',
      'ProtectSystem',
      'ProtectHome',
      'PrivateTmp',
    ],
    ...[
      'PrivateDevices',
      'PrivateNetwork',
      'ProtectKernelTunables',
      'ProtectKernelModules',
      'ProtectKernelLogs',
    ],
    ...[
      'ProtectControlGroups',
      'ProtectClock',
      'ProtectHostname',
      'ProtectProc',
      'NoNewPrivileges',
      'LockPersonality',
    ],
    ...[
      'CapabilityBoundingSet',
      'RestrictSUIDSGID',
      'RestrictNamespaces',
      'RestrictRealtime',
      'RestrictAddressFamilies',
    ],
    ...[
      'RemoveIPC',
      'SystemCallArchitectures',
      'SystemCallFilter',
      'SystemCallErrorNumber',
      'MemoryDenyWriteExecute',
    ],
  ],
  Timer: ['OnCalendar', 'RandomizedDelaySec', 'Persistent'],
  Install: ['WantedBy'],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-deploy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the systemd units', () => {
  const names = ['student-auth.service', 'student-auth-backup.service', 'student-auth-backup.timer'];

  /** `[section, directive, value]` of each line of a unit. */
  const linesOf = (name: string): [string, string, string][] => {
    let section = '';
    return deployFile(`systemd/${name}`)
      .split('\n')
      .flatMap((line): [string, string, string][] => {
        if (line === '' || line.startsWith('#')) return [];
        const [, heading] = /^\[(\w+)\]$/.exec(line) ?? [];
        if (heading !== undefined) section = heading;
        if (heading !== undefined) return [];
        const [, key = line, value = ''] = /^([A-Z]\w+)=(.*)$/.exec(line) ?? [];
        return [[section, key, value]];
      });
  };

  /** Directives of a unit; those that come several times, joined. */
  const unit = (name: string): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const [, key, value] of linesOf(name))
      found[key] = found[key] === undefined ? value : `${found[key]} ${value}`;
    return found;
  };

  it.each(['student-auth.service', 'student-auth-backup.service'])(
    '%s gives up what it does not need',
    (name) => {
      expect(unit(name)).toMatchObject({
        User: 'student-auth',
        ProtectSystem: 'strict',
        ProtectHome: 'yes',
        PrivateTmp: 'yes',
        NoNewPrivileges: 'yes',
        CapabilityBoundingSet: '',
        SystemCallFilter: '@system-service @pkey ~@privileged',
        // Node's compiler needs it.
        MemoryDenyWriteExecute: 'no',
        UMask: '0077',
        EnvironmentFile: '/etc/student-auth/student-auth.env',
      });
    },
  );

  it('the server is restarted when it fails, may finish when it is stopped, and reads its keys again on reload', () => {
    const server = unit('student-auth.service');
    expect(server).toMatchObject({
      Restart: 'on-failure',
      KillSignal: 'SIGTERM',
      ExecReload: '/bin/kill -HUP $MAINPID',
      ExecStart: '/usr/bin/node dist/src/main.js',
    });
    expect(Number(server['TimeoutStopSec'])).toBeGreaterThan(SHUTDOWN_S);
  });

  it('the settings are good, and their database is where the unit may write', () => {
    const variables = environmentFile('systemd/student-auth.env.example');
    expect(Object.keys(variables).filter((name) => !knownVariables().has(name))).toEqual([]);
    expect(variables['JWT_SECRET']).toBe('');
    const folder = `/var/lib/${unit('student-auth.service')['StateDirectory']}`;
    expect(settingsOf(variables)).toMatchObject({
      production: true,
      host: '127.0.0.1',
      trustProxy: ['127.0.0.1'],
      database: { kind: 'sqlite', file: `${folder}/students.db` },
    });
    expect(unit('student-auth-backup.service')['ReadWritePaths']).toBe(folder);
  });

  it.each(names)('%s is one that systemd takes', (name) => {
    for (const [section, key, value] of linesOf(name)) {
      expect([section, DIRECTIVES[section]]).toEqual([section, expect.arrayContaining([key])]);
      if (/^(?:Private|Protect(?!System|Proc)|NoNew|Lock|Remove|Persistent)/.test(key))
        expect([key, value]).toEqual([key, 'yes']);
    }
    if (!isInstalled('systemd-analyze')) return;
    // The program that is started has to be there, and need not be where it is on a server.
    const unitFile = join(folder, name);
    writeFileSync(unitFile, deployFile(`systemd/${name}`).replaceAll('/usr/bin/node', process.execPath));
    const { stderr } = spawnSync('systemd-analyze', ['verify', unitFile], { encoding: 'utf8' });
    // What it says of other units is the machine's.
    expect(stderr.split('\n').filter((line) => line.includes('student-auth'))).toEqual([]);
  });

  it('are what the README installs, where they expect the program and its settings', () => {
    const readme = deployFile('README.md');
    for (const name of names) expect(readme).toContain(`deploy/systemd/${name} `);
    const { WorkingDirectory, EnvironmentFile, User, StateDirectory } = unit('student-auth.service');
    expect(readme).toContain(`--working-directory=${WorkingDirectory} `);
    expect(readme).toContain(`deploy/systemd/student-auth.env.example ${EnvironmentFile}\n`);
    expect(readme).toContain(
      `useradd --system --home-dir /var/lib/${StateDirectory} --shell /usr/sbin/nologin ${User}\n`,
    );
    expect(readme).toContain(`/var/lib/${unit('student-auth-backup.service')['StateDirectory']}/students-`);
  });
});

describe('deploy/caddy/Caddyfile', () => {
  const file = deployFile('caddy/Caddyfile');

  it('asks instances whether they are ready, shows no metrics, and believes no other proxy', () => {
    expect(file).toMatch(/health_uri \/health\/ready\n/);
    expect(file).toMatch(/@metrics path \/metrics \/metrics\/\*\n/);
    expect(file).not.toMatch(/trusted_proxies|header_up/);
  });

  it('gives its own answers the headers that those of the server have', () => {
    expect(file.match(/X-Request-Id \{http\.request\.uuid\}/g)).toHaveLength(2);
    expect(file.match(/X-Content-Type-Options nosniff/g)).toHaveLength(2);
    expect(file.match(/Content-Type "application\/json; charset=utf-8"/g)).toHaveLength(2);
  });

  it('is one that Caddy takes', () => {
    let depth = 0;
    for (const line of file.split('\n')) {
      if (line.trim() === '' || line.trim().startsWith('#')) continue;
      if (line.endsWith('}') && line.trim() === '}') depth -= 1;
      expect([line, /^\t*/.exec(line)?.[0].length]).toEqual([line, depth]);
      if (line.endsWith(' {')) depth += 1;
    }
    expect(depth).toBe(0);
    if (!isInstalled('caddy')) return;
    const parameters = ['adapt', '--validate', '--config', join(ROOT, 'deploy/caddy/Caddyfile')];
    const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const env = { ...process.env, ...home, SITE_ADDRESS: 'localhost', UPSTREAMS: 'auth-1:5000 auth-2:5000' };
    const { status, stderr } = spawnSync('caddy', parameters, { env, encoding: 'utf8' });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

/** Of PromQL's functions and operators, those that the rules use. */
const PROMQL = new Set([
  'sum',
  'rate',
  'increase',
  'histogram_quantile',
  'by',
  'and',
  'instance',
  'le',
  'job',
  'up',
]);

describe('deploy/prometheus', () => {
  const { groups } = yamlOf('prometheus/student-auth.rules.yml') as {
    readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it('has rules of different names, each of which says how bad it is and what it means', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, for: patience = '1m', labels, annotations, ...others } of rules) {
      expect([alert, Object.keys(others)]).toEqual([
        expect.stringMatching(/^StudentAuth[A-Za-z]+$/),
        ['expr'],
      ]);
      expect(patience).toMatch(/^\d+m$/);
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/^[^{}]*(?:\{\{ \$labels\.instance \}\}[^{}]*)?\.$/);
    }
  });

  it.each(rules)('$alert is one that Prometheus takes', ({ expr, annotations }) => {
    let rest = expr.replace(/"[^"]*"/g, '""').replace(/\[\d+m\]/g, '');
    const words = rest.replace(/\{[^}]*\}/g, '').match(/[A-Za-z_][\w]*/g) ?? [];
    expect(
      words.filter((word) => !PROMQL.has(word) && !/^(?:student_auth|process)_|^e\d$/.test(word)),
    ).toEqual([]);
    for (let before = ''; before !== rest;)
      [before, rest] = [rest, rest.replace(/\([^(){}]*\)|\{[^(){}]*\}/g, '')];
    expect(rest).not.toMatch(/[(){}[\]]/);
    // A sum over all instances has none to name.
    if (annotations.summary.includes('$labels.instance')) expect(expr).not.toMatch(/\bsum\((?!.*by)/);
  });

  it('is what promtool takes, and is asked of the job that the README scrapes', () => {
    const readme = deployFile('README.md');
    const [, job] = /job_name: (\S+)/.exec(readme) ?? [];
    const jobs = rules.flatMap(({ expr }) => [...expr.matchAll(/job="([^"]*)"/g)].map(([, name]) => name));
    expect(new Set(jobs)).toEqual(new Set([job]));
    if (!isInstalled('promtool')) return;
    const file = join(ROOT, 'deploy/prometheus/student-auth.rules.yml');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });
});

describe('deploy/README.md', () => {
  const readme = deployFile('README.md');
  const { services } = yamlOf('compose.yaml') as {
    readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, string>> }>>;
  };

  it('speaks of services, user and database that compose has', () => {
    const commands = [...readme.matchAll(/docker compose (.*)/g)].map(([, command = '']) => command);
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) {
      expect(command).toMatch(/^--file deploy\/compose\.yaml (?:up|exec|build|stop|start|logs) /);
      for (const [name] of command.matchAll(/\b(?:auth-\w+|postgres)\b(?= )/g))
        expect(services).toHaveProperty([name]);
    }
    const { POSTGRES_USER: user, POSTGRES_DB: database } = services['postgres']?.environment ?? {};
    expect(new Set(readme.match(/--username=\w+/g))).toEqual(new Set([`--username=${user}`]));
    expect(new Set(readme.match(/--dbname=\w+/g))).toEqual(new Set([`--dbname=${database}`]));
  });

  it('fills in what compose needs', () => {
    const [, compose = ''] = /## Compose\n([^]*?)\n## /.exec(readme) ?? [];
    const filled = [...compose.matchAll(/s\|\^(\w+)=/g)].map(([, name]) => name);
    expect(filled.sort()).toEqual(['JWT_SECRET', 'POSTGRES_PASSWORD', 'SITE_ADDRESS']);
    const example = Object.keys(environmentFile('env.example'));
    expect(example).toEqual(expect.arrayContaining(filled));
  });
});

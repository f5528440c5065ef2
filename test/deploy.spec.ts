import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAssignments, parseDockerfile } from '../deploy/lib/dockerfile.mjs';
import { readIgnoreFile } from '../deploy/lib/build-context.mjs';
import {
  deployFile,
  environmentFile,
  interpolated,
  knownVariables,
  settingsOf,
  SHUTDOWN_S,
  type Variables,
  yamlDocumentsOf,
  yamlOf,
} from './support/deploy-files.js';
import { ROOT } from './support/server-process.js';

const dockerfile = parseDockerfile(deployFile('Dockerfile'));
const lastStage = dockerfile.slice(dockerfile.findLastIndex(({ keyword }) => keyword === 'FROM'));
const ofImage = Object.assign(
  {},
  ...lastStage.filter(({ keyword }) => keyword === 'ENV').map(({ text }) => parseAssignments(text)),
) as Variables;

describe('deploy/Dockerfile', () => {
  const all = (keyword: string, among = dockerfile) => among.filter((each) => each.keyword === keyword);

  it('names its base images with a version, and the last one is the smaller', () => {
    const images = all('FROM').map(({ text }) => text.split(' ')[0]);
    for (const image of images) expect(image).toMatch(/^node:\d+(\.\d+)*-\w+(-slim)?$/);
    expect(images.at(-1)).toBe(`${images[0]}-slim`);
  });

  it('installs from the lock before it copies sources, so that a change of those installs nothing anew', () => {
    const at = (what: RegExp): number =>
      dockerfile.findIndex(({ keyword, text }) => what.test(`${keyword} ${text}`));
    expect(at(/^COPY package\.json package-lock\.json/)).toBeLessThan(at(/^RUN npm ci/));
    expect(at(/^RUN npm ci/)).toBeLessThan(at(/^COPY src/));
    expect(at(/^COPY src/)).toBeLessThan(at(/^RUN npm run build && npm prune --omit=dev/));
  });

  it('builds in one stage and runs in another, which runs nothing at build time', () => {
    expect(all('FROM')).toHaveLength(2);
    expect(all('RUN', lastStage)).toEqual([]);
  });

  it('fetches nothing by itself: no ADD, no download', () => {
    expect(all('ADD')).toEqual([]);
    for (const { text } of all('RUN')) expect(text).not.toMatch(/https?:|curl|wget|apt/);
  });

  it('keeps no secret: none of its variables, and no file that reaches the build', () => {
    for (const { text } of [...all('ENV'), ...all('ARG')]) expect(text).not.toMatch(/SECRET|PASSWORD|TOKEN=/);
    const lets = readIgnoreFile(deployFile('Dockerfile.dockerignore'));
    for (const path of [
      '.env',
      'deploy/.env',
      '.git/config',
      'data/jwt-secret',
      'data/students.db',
      'keys/a.pem',
    ])
      expect([path, lets(path)]).toEqual([path, false]);
    for (const path of ['node_modules/a', 'dist/a', 'test/a'])
      expect([path, lets(path)]).toEqual([path, false]);
  });

  it('sends the build only what is there', () => {
    const lines = deployFile('Dockerfile.dockerignore').split('\n');
    const wanted = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(wanted.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('runs as a user of its own by number, before anything starts, and owns but its data', () => {
    const [user] = all('USER', lastStage);
    expect(user?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(lastStage.indexOf(user!)).toBeLessThan(lastStage.findIndex(({ keyword }) => keyword === 'CMD'));
    const owned = all('COPY', lastStage).filter(({ flags }) => flags['chown'] !== undefined);
    expect(owned.map(({ text, flags }) => [text.split(' ').at(-1), flags['chown']])).toEqual([
      ['/data', user?.text],
    ]);
  });

  it('starts the server without a shell, which would keep the signals', () => {
    expect(all('CMD').map(({ exec }) => exec)).toEqual([['node', 'dist/src/main.js']]);
    expect(all('ENTRYPOINT')).toEqual([]);
  });

  it('looks after its health with what is in the image', () => {
    expect(all('HEALTHCHECK').map(({ exec }) => exec)).toEqual([['node', 'deploy/healthcheck.mjs']]);
  });

  it('sets what the server needs to be reached in a container', () => {
    expect(settingsOf(ofImage)).toMatchObject({
      production: true,
      host: '0.0.0.0',
      port: Number(lastStage.find(({ keyword }) => keyword === 'EXPOSE')?.text),
      database: { kind: 'sqlite', file: '/data/students.db' },
    });
  });
});

interface Service {
  readonly image: string;
  readonly environment: Variables;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

describe('deploy/compose.yaml', () => {
  const { services, networks, volumes } = yamlOf('compose.yaml') as Compose;
  const instances = Object.entries(services).filter(([name]) => name.startsWith('auth-'));
  const given = { SITE_ADDRESS: 'auth.school.example', POSTGRES_PASSWORD: 'x1', JWT_SECRET: 'y2' };
  const interpolatedAll = (environment: Variables, variables: Variables): Variables =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, interpolated(value, variables)]),
    );

  it('is two instances, Caddy and Postgres', () => {
    expect(Object.keys(services)).toEqual(['caddy', 'auth-1', 'auth-2', 'postgres']);
    expect(services['auth-1']).toEqual(services['auth-2']);
  });

  it('lets nobody in but through Caddy, and Postgres neither in nor out', () => {
    expect(
      Object.entries(services)
        .filter(([, { ports }]) => ports)
        .map(([name]) => name),
    ).toEqual(['caddy']);
    const members = (network: string): string[] =>
      Object.entries(services).flatMap(([name, service]) =>
        service.networks.includes(network) ? [name] : [],
      );
    expect(members('front')).toEqual(['caddy', 'auth-1', 'auth-2']);
    expect(members('back')).toEqual(['auth-1', 'auth-2', 'postgres']);
    expect(networks['back']?.internal).toBe(true);
  });

  it('takes from every container what it does not need', () => {
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service.image).toMatch(/^student-auth:local$|^[a-z]+:\d+(\.\d+)*-\w+$/);
    }
  });

  it('names only what there is, and waits for what can be waited for', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const network of service.networks) expect(networks).toHaveProperty([network]);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(existsSync(join(ROOT, 'deploy', source))).toBe(true);
        else expect(volumes).toHaveProperty([source]);
      }
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect([name, condition]).toEqual([name, 'service_healthy']);
        expect(services[other]?.healthcheck ?? (other.startsWith('auth-') && lastStage)).toBeTruthy();
      }
    }
  });

  it.each(instances)(
    'starts %s with settings that are good, and that believe one proxy',
    (_name, service) => {
      const variables = interpolatedAll(service.environment, given);
      expect([...Object.keys(variables)].filter((name) => !knownVariables().has(name))).toEqual([]);
      expect(settingsOf({ ...ofImage, ...variables })).toMatchObject({
        production: true,
        trustProxy: 1,
        registration: 'open',
        database: { kind: 'postgres', url: 'postgres://student_auth:x1@postgres:5432/student_auth' },
      });
      expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(SHUTDOWN_S);
    },
  );

  it('needs the secrets from outside, and takes from there what env.example lists, neither more nor less', () => {
    const taken = (sign: string): Set<string | undefined> =>
      new Set(
        [...deployFile('compose.yaml').matchAll(new RegExp(`\\$\\{(\\w+):${sign}`, 'g'))].map(
          ([, name]) => name,
        ),
      );
    expect([...taken('\\?')].sort()).toEqual(['JWT_SECRET', 'POSTGRES_PASSWORD', 'SITE_ADDRESS']);
    const example = environmentFile('env.example');
    expect(Object.keys(example).sort()).toEqual([...taken('[-?]')].sort());
    expect(example).toMatchObject({ JWT_SECRET: '', POSTGRES_PASSWORD: '', METRICS_TOKEN: '' });
    expect(() => execFileSync('git', ['check-ignore', '-q', 'deploy/.env'], { cwd: ROOT })).not.toThrow();
  });

  it('starts with what env.example and its own defaults say, as long as the secrets are filled in', () => {
    for (const variables of [given, { ...environmentFile('env.example'), ...given }]) {
      const settings = settingsOf(interpolatedAll(services['auth-1']!.environment, variables));
      expect(settings).toMatchObject({ registration: 'open', roster: 'admins', metricsToken: undefined });
      expect(settings.jwt.previousSecret).toBeUndefined();
    }
  });

  it('tells Caddy of each instance at the port of the image', () => {
    const upstreams = instances.map(([name]) => `${name}:${ofImage['PORT']}`).join(' ');
    expect(services['caddy']?.environment).toMatchObject({ UPSTREAMS: upstreams });
  });
});

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly envFrom: readonly Readonly<Record<string, { readonly name: string }>>[];
  readonly lifecycle: {
    readonly preStop: { readonly exec: { readonly command: readonly [string, string] } };
  };
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly securityContext: object;
  readonly resources: object;
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Variables;
  readonly spec?: Readonly<Record<string, unknown>>;
}

describe('deploy/kubernetes.yaml', () => {
  const objects = yamlDocumentsOf('kubernetes.yaml') as KubernetesObject[];
  const specOf = (kind: string) => objects.find((each) => each.kind === kind)?.spec;
  const labels = { 'app.kubernetes.io/name': 'student-auth' };
  const { template, ...deployment } = specOf('Deployment') as unknown as {
    readonly replicas: number;
    readonly selector: object;
    readonly template: {
      readonly metadata: object;
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: object;
        readonly automountServiceAccountToken: boolean;
        readonly containers: readonly [Container];
      };
    };
  };
  const pod = template.spec;
  const [container] = pod.containers;

  it('has objects of the versions that Kubernetes serves', () => {
    expect(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ConfigMap',
      'v1 ServiceAccount',
      'apps/v1 Deployment',
      'v1 Service',
      'policy/v1 PodDisruptionBudget',
      'networking.k8s.io/v1 NetworkPolicy',
    ]);
    for (const { metadata } of objects) expect(metadata).toEqual({ name: 'student-auth', labels });
  });

  it('runs two instances, which Service, budget and policy select', () => {
    expect(deployment).toMatchObject({ replicas: 2, selector: { matchLabels: labels } });
    expect(template.metadata).toEqual({ labels });
    expect(specOf('Service')).toMatchObject({ selector: labels, ports: [{ targetPort: 'http' }] });
    expect(specOf('PodDisruptionBudget')).toEqual({ minAvailable: 1, selector: { matchLabels: labels } });
    expect(specOf('NetworkPolicy')).toMatchObject({ podSelector: { matchLabels: labels } });
  });

  it('keeps to the restricted standard for pods', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources).toMatchObject({ requests: { cpu: '1' }, limits: { memory: '512Mi' } });
  });

  it('restarts what does not live, and sends requests to what is ready', () => {
    expect(container.ports).toEqual([{ name: 'http', containerPort: Number(ofImage['PORT']) }]);
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
    expect(probes.map(({ httpGet }) => httpGet)).toEqual([
      { path: '/health/ready', port: 'http' },
      { path: '/health/ready', port: 'http' },
      { path: '/health/live', port: 'http' },
    ]);
  });

  it('lets an instance finish', () => {
    const [command, seconds] = container.lifecycle.preStop.exec.command;
    expect(command).toBe('sleep');
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + SHUTDOWN_S);
  });

  it('runs the image of this version, which is in the README too', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(container.image).toBe(`registry.example.org/student-auth:${version}`);
    expect(deployFile('README.md')).toContain(`docker push ${container.image}\n`);
  });

  it('starts with settings that are good, and no secret among them', () => {
    const data = objects.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    expect(Object.keys(data).filter((name) => !knownVariables().has(name))).toEqual([]);
    expect(settingsOf({ ...ofImage, ...data })).toMatchObject({
      trustProxy: 1,
      hashConcurrency: 2,
      roster: 'admins',
    });
    expect(container.envFrom).toEqual([
      { configMapRef: { name: 'student-auth' } },
      { secretRef: { name: 'student-auth' } },
    ]);
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
  });
});

import type { Server } from 'node:net';
import { promisify } from 'node:util';
import type * as Client from 'prom-client';
import type { Database } from '../../database/database.js';
import type { PasswordHasher } from '../../passwords/password-hasher.js';
import type { LiveSessions } from '../../sessions/live-sessions.service.js';
import { Gauge, Histogram } from './prometheus.js';

/** Seconds; beyond five a job is not queued at all. */
const WAIT_BUCKETS = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function registerHashing(registry: Client.Registry, hasher: PasswordHasher): void {
  gauge(
    registry,
    'student_auth_password_hash_queue_length',
    'Password hashes that wait for a thread.',
    () => hasher.queueLength,
  );
  gauge(
    registry,
    'student_auth_password_hash_running',
    'Password hashes that a thread works at.',
    () => hasher.running,
  );
  const wait = new Histogram({
    name: 'student_auth_password_hash_wait_seconds',
    help: 'How long password hashes waited for a thread, in seconds.',
    buckets: WAIT_BUCKETS,
    registers: [registry],
  });
  hasher.onJob(({ waitedMs }) => wait.observe(waitedMs / 1000));
}

export function registerSessions(registry: Client.Registry, live: LiveSessions): void {
  const help = 'counted in the background, at most once a minute, and for the next scrape';
  gauge(registry, 'student_auth_sessions_live', `Live sessions, ${help}.`, () => live.latest()?.sessions);
  gauge(
    registry,
    'student_auth_sessions_live_counted_timestamp_seconds',
    'When the live sessions were counted, in seconds since the Unix epoch.',
    () => {
      const at = live.latest()?.at;
      return at === undefined ? undefined : at / 1000;
    },
  );
}

export function registerDatabase(registry: Client.Registry, database: Database): void {
  gauge(
    registry,
    'student_auth_database_waiting',
    "Those who wait for a connection of Postgres' pool, or for their turn to write on SQLite.",
    () => database.load.waiting,
  );
  new Gauge({
    name: 'student_auth_database_connections',
    help: "Connections of Postgres' pool by state; none on SQLite.",
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(database.load.connections ?? {}))
        this.set({ state }, count);
    },
  });
}

export function registerConnections(registry: Client.Registry, server: Server): void {
  const count = promisify(server.getConnections.bind(server));
  new Gauge({
    name: 'student_auth_http_connections',
    help: 'Open connections of clients.',
    registers: [registry],
    async collect() {
      this.set(await count());
    },
  });
}

/** A figure that is asked for at each scrape; while it is undefined there is none. */
function gauge(registry: Client.Registry, name: string, help: string, value: () => number | undefined): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      const current = value();
      if (current === undefined) this.remove();
      else this.set(current);
    },
  });
}

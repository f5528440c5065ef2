import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Database } from '../../database/database.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import { LiveSessions } from '../../sessions/live-sessions.service.js';
import { registerProcess } from './process-metrics.js';
import { Registry } from './prometheus.js';
import { RequestMetrics } from './request-metrics.js';
import { registerConnections, registerDatabase, registerHashing, registerSessions } from './state-metrics.js';

/** Everything that is measured, in a registry of this application's own. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor(
    host: HttpAdapterHost<FastifyAdapter>,
    database: Database,
    hasher: PasswordHasher,
    sessions: LiveSessions,
  ) {
    const instance = host.httpAdapter.getInstance();
    new RequestMetrics(this.registry).listenTo(instance);
    registerConnections(this.registry, instance.server);
    registerHashing(this.registry, hasher);
    registerDatabase(this.registry, database);
    registerSessions(this.registry, sessions);
    registerProcess(this.registry);
  }

  /** In Prometheus' text format, version 0.0.4. */
  async text(): Promise<string> {
    return await this.registry.metrics();
  }
}

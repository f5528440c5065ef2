import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import { JOBS_A_THREAD } from '../../passwords/password-threads.js';
import type { Candidate } from './candidate.js';

/** Hashes the passwords of a batch on all threads that hashing has. */
@Injectable()
export class PasswordBatch {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly settings: Settings,
  ) {}

  /** Adds to `hashes`, by position, those that are not there yet. */
  async hash(hashes: Map<number, string>, candidates: readonly Candidate[]): Promise<void> {
    const queue = candidates.filter(({ position }) => !hashes.has(position));
    const feed = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if ('plain' in next.password) hashes.set(next.position, await this.hasher.hash(next.password.plain));
      }
    };
    await Promise.all(Array.from({ length: this.settings.hashConcurrency * JOBS_A_THREAD }, feed));
  }
}

// Fastify, the same check of the token's signature and claims by the same library, and a student from memory: no
// database, no session, no log. A login and a registration are the same password hash, and an answer.
import { createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { hash, verify } from '@node-rs/argon2';
import fastify from 'fastify';
import { ARGON2, PASSWORD } from '../lib/students.mjs';
import { studentById, students } from './students.mjs';

const jwt = new JwtService();
const check = {
  secret: createSecretKey(Buffer.from(process.env.JWT_SECRET)),
  algorithms: ['HS256'],
  issuer: 'student-auth',
  audience: 'student-auth',
};
const app = fastify();

const stored = await hash(PASSWORD, ARGON2);
const { secret, issuer, audience } = check;

app.get('/health/live', () => ({ status: 'ok' }));
app.get('/login', async () => {
  const matches = await verify(stored, PASSWORD);
  return { token: jwt.sign({ matches }, { secret, issuer, audience, expiresIn: 1800 }) };
});
app.post('/student', async () => {
  await hash(PASSWORD, ARGON2);
  return { message: 'New student created!' };
});
app.register(async (closed) => {
  closed.addHook('onRequest', (request, reply, done) => {
    try {
      request.claims = jwt.verify(request.headers['x-access-token'], check);
      done();
    } catch {
      reply.code(401).send({ message: 'Token is invalid!' });
    }
  });
  closed.get('/student/:id', (request) => ({ students: [studentById.get(request.params.id)] }));
  closed.get('/student', (request) => ({ students: students.slice(0, Number(request.query.limit)) }));
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

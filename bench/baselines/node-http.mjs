// Node's own HTTP server and a student from memory: no token, no router, no log. Nothing in JavaScript on Node answers
// in less.
import { createServer } from 'node:http';
import { studentById, students } from './students.mjs';

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const student = studentById.get(pathname.slice('/student/'.length));
  const found = student ? [student] : students.slice(0, Number(searchParams.get('limit')));
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ students: found }));
}).listen(Number(process.env.PORT), '127.0.0.1');

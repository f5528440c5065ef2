import { nameOf, publicId, STUDENTS } from '../lib/students.mjs';

/** The students of the bench in memory, as every server shows them, in order and by id. */
export const students = Array.from({ length: STUDENTS }, (_, i) => ({
  email: `${nameOf(i + 1)}@example.org`,
  name: nameOf(i + 1),
  public_id: publicId(i + 1),
  role: 'user',
}));
export const studentById = new Map(students.map((student) => [student.public_id, student]));

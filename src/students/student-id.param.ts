/** How the documents describe the `public_id` of a path; without an example, for no student has a known id. */
export const STUDENT_ID_PARAM = {
  name: 'public_id',
  description: "The student's `public_id`, as the list shows it.",
  schema: { type: 'string', format: 'uuid' },
};

/** What a path says that names no student. */
export const NO_STUDENT = {
  404: { description: "It is not a student's id.", messages: ['No student found!'] },
};

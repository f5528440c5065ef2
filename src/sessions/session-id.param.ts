/** How the documents describe the `id` of a path; without an example, for no session has a known id. */
export const SESSION_ID_PARAM = {
  name: 'id',
  description: "The session's `id`, as the list shows it.",
  schema: { type: 'string', format: 'uuid' },
};

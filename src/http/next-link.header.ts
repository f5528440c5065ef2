/** How the documents describe the `Link` of a list. */
export const NEXT_LINK = {
  Link: { description: '`<…>; rel="next"`, absent on the last page.', schema: { type: 'string' } },
};

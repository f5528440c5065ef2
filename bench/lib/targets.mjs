/**
 * Figures beside their targets, as a Markdown list. Nothing is asserted: on a busy machine they miss.
 * @param targets `[what, figure, bound, show]`; `bound` is `['≤' or '≥', number]`, `show` makes a figure readable
 */
export function targets(...all) {
  return all
    .map(([what, figure, [side, bound], show = (value) => value.toFixed(2)]) => {
      const met = side === '≤' ? figure <= bound : figure >= bound;
      return `- ${what}: ${show(figure)}; target ${side} ${show(bound)}: ${met ? 'met' : '**missed**'}`;
    })
    .join('\n');
}

import type { ImportSummary, TakenBatch } from '../students/import/import-report.js';
import { oneLine } from '../students/import/one-line.js';

/** What fits a screen or two. */
const MOST_LINES = 1_000;
const LONGEST_NAME = 60;

/** Lines about single rows, kept for after the progress: rejects, and who comes in but cannot log in yet. */
export class ImportTold {
  private readonly lines: string[] = [];
  private more = 0;

  add({ imported, rejects }: TakenBatch): void {
    const about = [
      ...rejects.map(({ position, name, reason }) => ({
        position,
        name,
        text: ` cannot come in: ${reason}`,
      })),
      ...imported.flatMap(({ position, name, warning: text }) =>
        text === undefined ? [] : [{ position, name, text: `: ${text}` }],
      ),
    ];
    for (const { position, name, text } of about.sort((a, b) => a.position - b.position)) {
      if (this.lines.length < MOST_LINES) this.lines.push(`row ${position} (${shown(name)})${text}`);
      else this.more += 1;
    }
  }

  print(): void {
    for (const line of this.lines) console.log(line);
    if (this.more > 0)
      console.log(`… and ${this.more} rows more (--rejects FILE gets all that cannot come in)`);
  }
}

export function summaryLine(summary: ImportSummary, dryRun: boolean, ms: number): string {
  const { read, imported, present, rejected, renamed, continuedAfter } = summary;
  const seconds = (ms / 1000).toFixed(1);
  const rate = Math.round(read / Math.max(ms / 1000, 0.001));
  return [
    `${dryRun ? 'Dry run, nothing was written: ' : ''}${read} rows read in ${seconds} s (${rate}/s)`,
    continuedAfter === undefined ? '' : `continued after row ${continuedAfter}`,
    `${imported} ${dryRun ? 'would be imported' : 'imported'}`,
    renamed > 0 ? `${renamed} of them renamed` : '',
    `${present} already there`,
    `${rejected} rejected`,
  ]
    .filter(Boolean)
    .join(', ');
}

function shown(name: string): string {
  const characters = [...oneLine(name)];
  return characters.length <= LONGEST_NAME
    ? characters.join('')
    : `${characters.slice(0, LONGEST_NAME).join('')}…`;
}

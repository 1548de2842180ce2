/** One line of a diff. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/**
 * What differs between two texts of which the second one has more lines, in the order of the second: each changed run
 * with the line before it.
 */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before, after].map((text) => text.replace(/\r?\n$/, '').split(/\r?\n/)) as [string[], string[]];
  const diff: DiffLine[] = [];
  let at = 0;
  let isInRun = false;
  for (const text of fresh) {
    const isKept = old[at] === text;
    if (!isKept) {
      const previous = old[at - 1];
      if (!isInRun && previous !== undefined) diff.push({ sign: ' ', text: previous });
      const replaced = old[at];
      if (replaced !== undefined && isBegun(replaced, text)) {
        diff.push({ sign: '-', text: replaced });
        at += 1;
      }
      diff.push({ sign: '+', text });
    } else at += 1;
    isInRun = !isKept;
  }
  return diff;
}

/** Whether a line is another one with something put into it. */
function isBegun(line: string, longer: string): boolean {
  if (line.trim() === '' || longer.length <= line.length) return false;
  let start = 0;
  while (start < line.length && line[start] === longer[start]) start += 1;
  return longer.endsWith(line.slice(start));
}

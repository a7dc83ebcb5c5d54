/** Text whose paragraphs were broken into lines for the journey (format=flowed, RFC 3676). */

/** Joins the lines again. Quote marks become `>>> `; what is not flowed stays a line. Linear. */
export function unwrapFlowed(text: string, delSp: boolean): string {
  const paragraphs: string[] = [];
  let open: string | null = null;
  let openDepth = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const depth = quoteDepth(line);
    const content = unstuff(line.slice(depth));
    // The mark before a signature ends with a space and is flowed with nothing (section 4.3).
    const isSignature = content === '-- ';
    const joins = open !== null && depth === openDepth && !isSignature;
    if (open !== null && !joins) paragraphs.push(open);
    const whole: string = joins ? `${open}${content}` : quoteMark(depth) + content;
    openDepth = depth;
    if (content.endsWith(' ') && !isSignature) {
      open = delSp ? whole.slice(0, -1) : whole;
    } else {
      paragraphs.push(whole);
      open = null;
    }
  }
  if (open !== null) paragraphs.push(open);
  return paragraphs.join('\n');
}

function quoteDepth(line: string): number {
  let depth = 0;
  while (line[depth] === '>') depth++;
  return depth;
}

/** Section 4.4: a space is put before lines that could be taken for quoted ones and the like. */
function unstuff(content: string): string {
  return content.startsWith(' ') ? content.slice(1) : content;
}

function quoteMark(depth: number): string {
  return depth === 0 ? '' : `${'>'.repeat(depth)} `;
}

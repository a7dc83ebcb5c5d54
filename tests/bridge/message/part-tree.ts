/** Part trees as one line of text, for tests. */
import type { Part } from '../../../src/bridge/message/part.ts';

/** `section type/subtype` and, in brackets, the same of the children. */
export function outline(part: Part): string {
  const children = part.children.length > 0 ? `[${part.children.map(outline).join(', ')}]` : '';
  return `${part.section} ${part.type}/${part.subtype}${children}`;
}

/** A part and all that it holds, in the order of the message. */
export function flatten<Node extends { children: Node[] }>(part: Node): Node[] {
  return [part, ...part.children.flatMap((child) => flatten(child))];
}

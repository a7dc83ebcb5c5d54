/** What the documents list is what there is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES, FOLDER_ROLES, TEST_STEPS } from '../src/model.ts';
import { CLOSE, commandSchemas, eventSchemas, PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../src/protocol.ts';

const protocol = readFileSync('docs/PROTOCOL.md', 'utf8');

it('docs/PROTOCOL.md names the version, every command, event, close code, error code, role and step', () => {
  expect(protocol).toContain(`version ${PROTOCOL_MAJOR}.${PROTOCOL_MINOR}\n`);
  expect(protocol).toContain(`"major":${PROTOCOL_MAJOR},"minor":${PROTOCOL_MINOR}}`);
  const named = (words: Iterable<string>, quote: string) =>
    [...words].filter((word) => !protocol.includes(`${quote}${word}${quote}`));
  expect(named(Object.keys(commandSchemas), '`')).toEqual([]);
  expect(named(Object.keys(eventSchemas), '`')).toEqual([]);
  expect(named(ERROR_CODES, '`')).toEqual([]);
  expect([...FOLDER_ROLES, ...TEST_STEPS].filter((word) => !protocol.includes(word))).toEqual([]);
  for (const code of Object.values(CLOSE)) expect(protocol).toContain(`| ${code} |`);
});

/** What a message says, opened in the list: its text, made by us, and the names of its files. Nothing is fetched by it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import type { Attachment } from '../message-content.ts';
import type { Message } from '../model.ts';
import { errorText, formatBytes, plural, t } from '../text.ts';
import { useOpened } from './use-opened.ts';

/** Letters that are drawn at once; a text of megabytes takes a browser seconds. */
const FIRST_LETTERS = 20_000;

export function MessageText({ message }: { message: Message }): JSX.Element {
  const { content, code, again } = useOpened(message);
  if (code) return <Failed code={code} onAgain={again} />;
  if (!content)
    return (
      <p class="message-text waiting" role="status">
        {t('message_opening')}
      </p>
    );
  return (
    <div class="message-text">
      <Text text={content.text} />
      {content.cut && <p class="quiet">{t('message_cut')}</p>}
      {content.attachments.length > 0 && <Files files={content.attachments} />}
    </div>
  );
}

function Text({ text }: { text: string }): JSX.Element {
  const [all, setAll] = useState(false);
  if (text.trim() === '') return <p class="quiet">{t('message_empty')}</p>;
  const isLong = text.length > FIRST_LETTERS;
  return (
    <>
      <div class="words" dir="auto">
        {isLong && !all ? `${text.slice(0, FIRST_LETTERS)}…` : text}
      </div>
      {isLong && !all && (
        <button type="button" onClick={() => setAll(true)}>
          {t('message_all')}
        </button>
      )}
    </>
  );
}

function Files({ files }: { files: readonly Attachment[] }): JSX.Element {
  return (
    <section aria-label={plural('files', files.length)}>
      <p class="quiet">{plural('files', files.length)}</p>
      <ul class="files">
        {files.map(({ part, name, size, risky }) => (
          <li key={part}>
            <Icon name={risky ? 'warning' : 'file'} />
            <bdi>{name}</bdi> <span class="quiet">{formatBytes(size)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Failed({ code, onAgain }: { code: Parameters<typeof errorText>[0]; onAgain(): void }): JSX.Element {
  const { sentence, advice } = errorText(code);
  return (
    <div class="message-text" role="alert">
      <p class="caution">{sentence}</p>
      <p class="quiet">{advice}</p>
      <button type="button" onClick={onAgain}>
        {t('try_again')}
      </button>
    </div>
  );
}

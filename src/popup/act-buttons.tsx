/** What can be done to one message, as buttons: small ones in its row, worded ones below its details. */
import type { JSX } from 'preact';
import { Icon } from '../icon.tsx';
import type { Message } from '../model.ts';
import { t } from '../text.ts';
import { ACT_ICONS, ACT_KEYS, actText } from './act-text.ts';
import type { Act, RemoveAct } from './acts.ts';

interface ActButtonsProps {
  message: Message;
  removals: readonly RemoveAct[];
  /** The id of the message's subject: "Archive" alone says little. */
  subject: string;
  onAct(act: Act, message: Message): void;
}

interface RowButtonsProps extends ActButtonsProps {
  tabIndex: number;
}

/** Over the row's end, in reach of the pointer and of the Tab key. */
export function RowButtons({ message, removals, subject, tabIndex, onAct }: RowButtonsProps): JSX.Element {
  // The way out of spam is rare and wants words.
  const small = removals.filter((act) => act === 'archive' || act === 'trash');
  const acts: Act[] = [starAct(message), ...small, seenAct(message)];
  return (
    <span class="row-buttons">
      {acts.map((act) => (
        <button
          key={ACT_KEYS[act]}
          type="button"
          class={act === 'seen' || act === 'unseen' ? 'icon-button mark' : 'icon-button'}
          tabIndex={tabIndex}
          aria-label={actText(act)}
          aria-describedby={subject}
          aria-keyshortcuts={ACT_KEYS[act]}
          title={t('with_key', actText(act), ACT_KEYS[act])}
          onClick={() => onAct(act, message)}
        >
          <ActIcon act={act} />
        </button>
      ))}
    </span>
  );
}

/** All of them. */
export function WordedButtons({ message, removals, subject, onAct }: ActButtonsProps): JSX.Element {
  const acts: Act[] = [seenAct(message), starAct(message), ...removals];
  return (
    <fieldset class="worded-buttons">
      <legend class="hidden">{t('acts_label')}</legend>
      {acts.map((act) => (
        <button
          key={ACT_KEYS[act]}
          type="button"
          aria-describedby={subject}
          aria-keyshortcuts={ACT_KEYS[act]}
          title={t('with_key', actText(act), ACT_KEYS[act])}
          onClick={() => onAct(act, message)}
        >
          <ActIcon act={act} />
          {actText(act)}
        </button>
      ))}
    </fieldset>
  );
}

function ActIcon({ act }: { act: Act }): JSX.Element {
  return <Icon name={ACT_ICONS[act]} filled={act === 'unseen' || act === 'unstar'} />;
}

function seenAct(message: Message): Act {
  return message.seen ? 'unseen' : 'seen';
}

function starAct(message: Message): Act {
  return message.flagged ? 'unstar' : 'star';
}

import { Component, type JSX } from 'preact';
import { fullDate, listDate } from '../dates.ts';
import { Icon } from '../icon.tsx';
import type { Address, Message } from '../model.ts';
import { language, t } from '../text.ts';
import { RowButtons, WordedButtons } from './act-buttons.tsx';
import type { Act, RemoveAct } from './acts.ts';
import { MessageText } from './message-text.tsx';

export interface MessageRowProps {
  /** Unique on the page, and the same for the message's life; made of letters, digits, spaces and signs. */
  rowKey: string;
  message: Message;
  accountName: string;
  /** null for the inbox, and while it is not known. */
  folderName: string | null;
  /** How it can be taken out of its folder; the same array for the same answer. */
  removals: readonly RemoveAct[];
  /** The row that the Tab key reaches; the arrows move on from it. */
  current: boolean;
  expanded: boolean;
  /** For relative dates; changes rarely. */
  now: number;
  onExpand(message: Message): void;
  onAct(act: Act, message: Message): void;
}

/** One message. Drawn again only when something about it has changed: there may be thousands. */
export class MessageRow extends Component<MessageRowProps> {
  override shouldComponentUpdate(next: MessageRowProps): boolean {
    const { message, ...rest } = this.props;
    const { message: nextMessage, ...nextRest } = next;
    return !sameFields(rest, nextRest) || !sameFields({ ...message, from: null }, { ...nextMessage, from: null });
  }

  render(props: MessageRowProps): JSX.Element {
    const { rowKey, message, folderName, removals, current, expanded, now, onExpand, onAct } = props;
    const tabIndex = current ? 0 : -1;
    const name = rowKey.replaceAll(/[^A-Za-z0-9-]/g, '_');
    const [details, subject] = [`details_${name}`, `subject_${name}`];
    const act = { message, removals, subject, onAct };
    return (
      <li class={message.seen ? 'message' : 'message unread'}>
        <button
          type="button"
          class="row"
          data-row={rowKey}
          tabIndex={tabIndex}
          aria-expanded={expanded}
          aria-controls={expanded ? details : undefined}
          onClick={() => onExpand(message)}
        >
          <span class="dot">{!message.seen && <span class="hidden">{t('row_unread')}</span>}</span>
          <Sender from={message.from} />
          <span class="date">{listDate(message.date, now, language())}</span>
          <span class="second">
            {folderName !== null && <bdi class="folder">{folderName}</bdi>}
            <bdi id={subject} class={message.subject ? 'subject' : 'subject none'}>
              {message.subject || t('no_subject')}
            </bdi>
            {message.snippet && <bdi class="snippet">{message.snippet}</bdi>}
          </span>
          <Marks message={message} />
        </button>
        {expanded ? (
          <div class="opened" id={details}>
            <Details {...props} />
            <MessageText message={message} />
            <WordedButtons {...act} />
          </div>
        ) : (
          <RowButtons {...act} tabIndex={tabIndex} />
        )}
      </li>
    );
  }
}

function Sender({ from }: { from: Address | null }): JSX.Element {
  if (!from || (!from.name && !from.address)) return <bdi class="sender none">{t('no_sender')}</bdi>;
  if (!from.name) return <bdi class="sender">{from.address}</bdi>;
  if (!from.misleading) return <bdi class="sender">{from.name}</bdi>;
  // The address comes first and whole: it is the part that the sender cannot make up.
  return (
    <span class="sender misleading">
      <Icon name="warning" />
      <bdi>{from.address || t('no_sender')}</bdi> <bdi class="claimed">{from.name}</bdi>
    </span>
  );
}

function Marks({ message }: { message: Message }): JSX.Element {
  return (
    <span class="marks">
      {message.hasAttachments && <Sign icon="file" label={t('row_files')} />}
      {message.answered && <Sign icon="answered" label={t('row_answered')} />}
      {message.flagged && <Sign icon="star" label={t('row_starred')} />}
    </span>
  );
}

function Sign({ icon, label }: { icon: 'answered' | 'file' | 'star'; label: string }): JSX.Element {
  return (
    <span class={icon} title={label}>
      <Icon name={icon} filled={icon === 'star'} />
      <span class="hidden">{label}</span>
    </span>
  );
}

function Details({ message, accountName, folderName }: MessageRowProps): JSX.Element {
  const { from } = message;
  return (
    <dl class="details">
      <dt>{t('detail_from')}</dt>
      <dd>
        {from?.name && <bdi>{from.name} </bdi>}
        <bdi>{from?.address ? (from.name ? `<${from.address}>` : from.address) : from?.name ? '' : t('no_sender')}</bdi>
        {from?.misleading && <p class="caution">{t('sender_misleading')}</p>}
      </dd>
      <dt>{t('detail_subject')}</dt>
      <dd>
        <bdi>{message.subject || t('no_subject')}</bdi>
      </dd>
      <dt>{t('detail_date')}</dt>
      <dd>{fullDate(message.date, language())}</dd>
      <dt>{t('detail_account')}</dt>
      <dd>
        <bdi>{accountName}</bdi>
      </dd>
      {folderName !== null && (
        <>
          <dt>{t('detail_folder')}</dt>
          <dd>
            <bdi>{folderName}</bdi>
          </dd>
        </>
      )}
    </dl>
  );
}

function sameFields<T extends object>(a: T, b: T): boolean {
  return (Object.keys(b) as (keyof T)[]).every((key) => Object.is(a[key], b[key]));
}

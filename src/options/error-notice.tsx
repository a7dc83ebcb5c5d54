import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../icon.tsx';
import type { ErrorCode } from '../model.ts';
import { errorText } from '../text.ts';

/** What went wrong and what can be done; spoken at once. @param props.children what comes before, such as where it happened */
export function ErrorNotice({ code, children }: { code: ErrorCode; children?: ComponentChildren }): JSX.Element {
  const { sentence, advice } = errorText(code);
  return (
    <div class="notice serious" role="alert">
      <Icon name="warning" />
      <p>
        {children} <strong>{sentence}</strong> {advice}
      </p>
    </div>
  );
}

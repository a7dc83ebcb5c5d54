import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';

interface Said {
  text: string;
  /** Makes the same words news again. */
  turn: number;
}

/** What has just happened, for those who do not see it. */
export function useLive(): [Said, (text: string) => void] {
  const [said, setSaid] = useState<Said>({ text: '', turn: 0 });
  const say = useCallback((text: string) => setSaid(({ turn }) => ({ text, turn: turn + 1 })), []);
  return [said, say];
}

export function Live({ said }: { said: Said }): JSX.Element {
  return (
    <div class="hidden" role="status">
      <span key={said.turn}>{said.text}</span>
    </div>
  );
}

import type { JSX } from 'preact';
import { Icon, type IconName } from '../icon.tsx';
import { type ErrorCode, type Security, TEST_STEPS, type TestStep } from '../model.ts';
import { t } from '../text.ts';
import { ErrorNotice } from './error-notice.tsx';

interface TestStepsProps {
  security: Security;
  passed: readonly TestStep[];
  /** All went well. */
  done: boolean;
  failure: ErrorCode | null;
}

type StepState = 'passed' | 'going' | 'waiting' | 'broken';

/** How far a test of settings has come, live, and where it broke. */
export function TestSteps({ security, passed, done, failure }: TestStepsProps): JSX.Element {
  const reached = done ? undefined : TEST_STEPS.find((step) => !passed.includes(step));
  const stateOf = (step: TestStep): StepState => {
    if (done || passed.includes(step)) return 'passed';
    if (step !== reached) return 'waiting';
    return failure ? 'broken' : 'going';
  };
  return (
    <div class="test">
      <h4>{t('test_title')}</h4>
      <ol aria-live="polite">
        {TEST_STEPS.map((step) => {
          const state = stateOf(step);
          return (
            <li key={step} class={state}>
              <span class="sign">{SIGNS[state] && <Icon name={SIGNS[state]} />}</span>
              {stepText(step, security)}
              <span class="hidden">: {stateText(state)}</span>
            </li>
          );
        })}
      </ol>
      {done && <p class="good">{t('test_succeeded')}</p>}
      {failure && (
        <ErrorNotice code={failure}>{reached && t('test_failed_at', stepText(reached, security))}</ErrorNotice>
      )}
    </div>
  );
}

const SIGNS: Record<StepState, IconName | null> = { passed: 'read', going: 'check', waiting: null, broken: 'close' };

function stepText(step: TestStep, security: Security): string {
  switch (step) {
    case 'found':
      return t('test_found');
    case 'connected':
      return t('test_connected');
    case 'encrypted':
      return security === 'none' ? t('test_plain') : t('test_encrypted');
    case 'signed-in':
      return t('test_signed_in');
    case 'read':
      return t('test_read');
  }
}

function stateText(state: StepState): string {
  switch (state) {
    case 'passed':
      return t('test_passed');
    case 'going':
      return t('test_going');
    case 'waiting':
      return t('test_waiting');
    case 'broken':
      return t('test_broken');
  }
}

/** What a new user does in the pages of the extension, done in a real browser. Names are those that the user reads. */
import type { Security } from '../../src/model.ts';
import type { PageHandle } from './page-handle.ts';

const TARGET = '[data-test-target]';

/** Waits for a button with exactly this text or label, and clicks it. */
export async function pressButton(page: PageHandle, name: string): Promise<void> {
  await target(
    page,
    `[...document.querySelectorAll('button')].find((one) => [one.innerText.trim(), one.ariaLabel].includes(${JSON.stringify(name)}) && !one.disabled)`,
  );
  await page.click(TARGET);
}

/** Replaces what stands in the field with this label. */
export async function fill(page: PageHandle, label: string, text: string): Promise<void> {
  await target(
    page,
    `[...document.querySelectorAll('input, select')].find((one) => one.ariaLabel === ${JSON.stringify(label)} || [...(one.labels ?? [])].some((own) => own.innerText.trim() === ${JSON.stringify(label)}))`,
  );
  await page.evaluate(`(() => {
    const field = document.querySelector('${TARGET}');
    if (field.value === '') return;
    field.value = '';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  })()`);
  await page.type(TARGET, text);
  const arrived = await page.evaluate<boolean>(`document.querySelector('${TARGET}').value === ${JSON.stringify(text)}`);
  if (!arrived) throw new Error(`not all that was typed into the field ${label} arrived there`);
}

async function choose(page: PageHandle, label: string, value: string): Promise<void> {
  await target(
    page,
    `[...document.querySelectorAll('select')].find((one) => [...one.labels].some((own) => own.innerText.trim() === ${JSON.stringify(label)}))`,
  );
  await page.evaluate(`(() => {
    const field = document.querySelector('${TARGET}');
    field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new Event('change', { bubbles: true }));
  })()`);
}

async function target(page: PageHandle, expression: string): Promise<void> {
  await page.waitFor(
    new Function(`
    const found = ${expression};
    if (!found) return false;
    document.querySelector('${TARGET}')?.removeAttribute('data-test-target');
    found.setAttribute('data-test-target', '');
    return true;
  `) as () => unknown,
  );
}

/** Pastes a pairing code into the options page and waits until the bridge is there and the page has come to rest. */
export async function pairInOptions(options: PageHandle, code: string): Promise<void> {
  await fill(options, 'Pairing code', code);
  await pressButton(options, 'Connect');
  // Buttons for accounts are there before; then the form still folds up, and what is below it moves.
  await options.waitFor(() =>
    Boolean(document.querySelector('.state.ready') && document.querySelector('details form.pairing')),
  );
}

export interface TypedAccount {
  name: string;
  address: string;
  password: string;
  user: string;
  host: string;
  port: number;
  security: Security;
}

/** Types an account into the options page and asks for the test; does not wait for its outcome. */
export async function typeAccount(options: PageHandle, account: TypedAccount): Promise<void> {
  await fill(options, 'Email address', account.address);
  await fill(options, 'Password', account.password);
  await fill(options, 'Account name', account.name);
  await fill(options, 'User name', account.user);
  await fill(options, 'Server', account.host);
  await choose(options, 'Encryption', account.security);
  await fill(options, 'Port', String(account.port));
  await pressButton(options, 'Test and add');
}

/** Adds an account on the options page and waits until it is listed and its password handed over. */
export async function addAccount(options: PageHandle, account: TypedAccount): Promise<void> {
  await pressButton(options, 'Add an account');
  await typeAccount(options, account);
  await options.waitFor(
    new Function(
      `return !document.querySelector('.account-form') &&
        [...document.querySelectorAll('.accounts li')].some((one) => one.innerText.includes(${JSON.stringify(account.name)}))`,
    ) as () => unknown,
    20_000,
  );
}

const browser = globalThis.browser ?? globalThis.chrome;
const input = document.querySelector('#count');
const state = document.querySelector('#state');

async function set() {
  state.textContent = await browser.runtime.sendMessage({ count: input.value });
}

document.querySelector('#set').addEventListener('click', (event) => {
  document.body.dataset.trusted = String(event.isTrusted);
  void set();
});

input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') void set();
});

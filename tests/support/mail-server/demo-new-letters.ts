/** Letters that are unread or still to come. All people, firms and domains are made up; domains end in .test or .example. */
import type { DemoLetter } from './demo-letter.ts';

/** What somebody types without declaring a charset: Latin-1 bytes, a stray control byte and half an encoded-word. */
const RUBBISH_SUBJECT = Buffer.from('R\xe9sum\xe9 \xff\xfe\x07 =?utf-8?B?broken caf\xe9', 'latin1');

/** Unread mail, oldest ones first. Also the odd ones, so that they can be seen. */
export const UNREAD_LETTERS: readonly DemoLetter[] = [
  {
    from: ['Katarzyna Wójcik', 'kasia@wojcik.test'],
    subject: 'Zdjęcia z gór',
    text: 'Śnieg spadł wcześniej niż zwykle!',
    shape: 'attachment',
  },
  { from: null, subject: 'A message that does not say who it is from', text: 'Some old machines send such things.' },
  {
    from: ['Old Mailer', 'mailer@museum.example'],
    subject: RUBBISH_SUBJECT,
    text: 'This subject has bytes in it that belong to no charset.',
  },
  { from: ['Scanner', 'scanner@office.example'], subject: '', text: 'Scan of 2 pages.', shape: 'no-date' },
  {
    from: ['The Slow Web', 'letters@slowweb.example'],
    subject: 'The Slow Web #43: Small tools, kept sharp',
    text: 'Five programs that have done one job for twenty years.',
    shape: 'newsletter',
  },
  {
    from: ['=?ISO-2022-JP?B?GyRCOjRGIxsoQiAbJEIyVjtSGyhC?=', 'hanako@sakura.test'],
    subject: '=?ISO-2022-JP?B?GyRCPCEycyRORkk9cTJxJE4kKkNOJGkkOxsoQg==?=',
    text: '次回の読書会は土曜日です。',
  },
  {
    from: ['billing@bank.example', 'collect@elsewhere.test'],
    subject: 'Your account will be closed',
    text: 'A name that looks like another address: look at the address beside it.',
  },
  {
    from: ['Henrik Larsson', 'henrik@orchard.example'],
    subject: 'Pruning plan, second version',
    text: 'See the sheet; rows 4 to 9 have changed.',
    shape: 'attachment',
  },
  {
    from: ['Élodie Marchand', 'elodie@atelier-marchand.test'],
    subject: 'Dîner vendredi soir ?',
    text: 'On sera six. Tu apportes le fromage ?',
  },
  {
    from: ['Ines Duarte', 'ines@orchard.example'],
    subject: 'Planning meeting, Thursday 10:00',
    text: 'Agenda: ladders, frost, the cider press.',
    shape: 'invitation',
  },
  {
    from: ['Paper & Thread', 'shop@paperthread.example'],
    subject: 'Order 20987: thank you',
    text: '1 × fountain pen, fine\n1 × ink, sea green',
    shape: 'order',
  },
  {
    from: ['Jürgen Groß', 'juergen@gross.test'],
    subject: 'Schlüssel, Tür und Öl für die Scharniere',
    text: 'Liegt alles in der Garage.',
    wordCharset: 'iso-8859-1',
  },
  {
    from: ['Build Robot', 'builds@forge.example'],
    subject: '[orchard] build 1204 failed on main',
    text: 'One test failed: frost-warning > wakes before midnight',
  },
  {
    from: ['Nora Lindqvist', 'nora@riverside.test'],
    subject: 'Coffee tomorrow? ☕',
    text: 'Half past ten at the mill?',
  },
];

/** What keeps arriving while the demonstration runs; `#` becomes a number that counts up. */
export const ARRIVING_LETTERS: readonly DemoLetter[] = [
  {
    from: ['Nora Lindqvist', 'nora@riverside.test'],
    subject: 'Running ten minutes late',
    text: 'The bridge is up. Order me a tea?',
  },
  {
    from: ['Build Robot', 'builds@forge.example'],
    subject: '[orchard] build 12# passed on main',
    text: 'All tests passed.',
  },
  {
    from: ['Henrik Larsson', 'henrik@orchard.example'],
    subject: 'Re: Pruning plan, second version',
    text: 'Row 7 is right now.',
  },
  {
    from: ['Parcel Desk', 'tracking@parcels.example'],
    subject: 'Parcel 4480-1# arrives today',
    text: 'Between 14:00 and 16:00.',
    shape: 'order',
  },
  {
    from: ['Élodie Marchand', 'elodie@atelier-marchand.test'],
    subject: 'Re: Dîner vendredi soir ?',
    text: 'Parfait, à vendredi !',
  },
  {
    from: ['Weather Watch', 'alerts@weather.example'],
    subject: 'Storm from the west after 18:00',
    text: 'Take in what can fly.',
  },
  {
    from: ['Ines Duarte', 'ines@orchard.example'],
    subject: 'The tall ladder has been found',
    text: 'It was behind the press all along.',
  },
  {
    from: ['Sven', 'sven@riverside.test'],
    subject: 'Kohle haben wir, Brötchen fehlen noch',
    text: 'Bringst du welche mit?',
  },
  {
    from: ['City Library', 'loans@library.example'],
    subject: 'The book you reserved is here',
    text: 'We keep it for seven days.',
  },
  {
    from: ['Neighbourhood list', 'list@riverside.test'],
    subject: 'Found: Pixel is home again 🐈',
    text: 'He had been asleep in the mill.',
  },
];

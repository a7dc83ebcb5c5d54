/** Letters that have been read. All people, firms and domains are made up; domains end in .test or .example. */
import type { DemoLetter } from './demo-letter.ts';

/** Read mail, oldest ones first. */
export const OLDER_LETTERS: readonly DemoLetter[] = [
  { from: ['Anna Kowalska', 'anna@kowalska.test'], subject: 'Łódź w grudniu?', text: 'Są jeszcze tanie bilety.' },
  {
    from: ['Mill Committee', 'committee@riverside.test'],
    subject: 'Minutes of the autumn meeting',
    text: 'The wheel gets new paddles in spring.',
    shape: 'attachment',
  },
  {
    from: ['Sakari Virtanen', 'sakari@virtanen.test'],
    subject: 'Mökki on taas kylmillään',
    text: 'Vedet on suljettu ja avain on tutussa paikassa.',
  },
  {
    from: ['Train Line', 'tickets@trains.example'],
    subject: 'Your ticket: 08:12, coach 4, seat 61',
    text: 'Show the code to the conductor.',
    shape: 'attachment',
  },
  {
    from: ['Build Robot', 'builds@forge.example'],
    subject: '[orchard] build 1176 passed on main',
    text: 'All 409 tests passed in 41 s.',
  },
  { from: ['Δημήτρης Παππάς', 'dimitris@pappas.test'], subject: 'Λάδι της χρονιάς', text: 'Σου κράτησα δύο δοχεία.' },
  {
    from: ['Henrik Larsson', 'henrik@orchard.example'],
    subject: 'Cider press: three offers compared',
    text: 'The second one includes delivery.',
    shape: 'attachment',
  },
  {
    from: ['김민준', 'minjun@hangang.test'],
    subject: '다음 주 일정 확인 부탁드립니다',
    text: '화요일 오후가 좋습니다.',
  },
  {
    from: ['The Slow Web', 'letters@slowweb.example'],
    subject: 'The Slow Web #40: Write it down',
    text: 'Notes outlive the programs they were written in.',
    shape: 'newsletter',
  },
  {
    from: ['Nora Lindqvist', 'nora@riverside.test'],
    subject: 'Keys for the allotment',
    text: 'They are under the blue pot. Water the tomatoes?',
  },
  {
    from: ['Parcel Desk', 'tracking@parcels.example'],
    subject: 'Your parcel 4471-882 has been handed over',
    text: 'Handed over to a neighbour at number 12.',
    shape: 'order',
  },
  {
    from: ['Thomas Brandt', 'thomas.brandt@werkstatt.test'],
    subject: 'Angebot für die Küche',
    text: 'Hallo,\nanbei das Angebot. Der Liefertermin wäre in KW 48.\nViele Grüße\nThomas Brandt',
    shape: 'attachment',
    wordCharset: 'iso-8859-1',
  },
  {
    from: ['The Slow Web', 'letters@slowweb.example'],
    subject: 'The Slow Web #41: In praise of the plain page',
    text: 'A page that loads at once, and says one thing.',
    shape: 'newsletter',
  },
  {
    from: ['Élodie Marchand', 'elodie@atelier-marchand.test'],
    subject: 'Photos de la fête d’été',
    text: 'Voilà quelques photos, je n’ai gardé que les meilleures.\nBises, Élodie',
    shape: 'attachment',
  },
  {
    from: ['=?ISO-2022-JP?B?GyRCOjRGIxsoQiAbJEIyVjtSGyhC?=', 'hanako@sakura.test'],
    subject: '=?ISO-2022-JP?B?GyRCPEw/PyRyJCIkaiQsJEgkJhsoQg==?=',
    text: '写真をありがとうございました。',
  },
  {
    from: ['City Library', 'loans@library.example'],
    subject: 'Two loans are due on Friday',
    text: 'You can renew them once more.',
  },
  {
    from: ['Marek Novák', 'marek@novak.test'],
    subject: 'Re: Vlak v pátek',
    text: 'Jede v 8:12, sejdeme se u stánku s kávou.',
  },
  {
    from: ['Build Robot', 'builds@forge.example'],
    subject: '[orchard] build 1182 failed on main',
    text: 'One test failed: seed-catalogue > sorts by sowing date',
  },
  {
    from: ['Build Robot', 'builds@forge.example'],
    subject: '[orchard] build 1183 passed on main',
    text: 'All 412 tests passed in 38 s.',
  },
  {
    from: ['Dr. Amara Okafor', 'practice@okafor.example'],
    subject: 'Reminder: your appointment on Tuesday at 9.40',
    text: 'Please be there ten minutes early.',
    shape: 'invitation',
  },
  {
    from: ['Bike Kitchen', 'hello@bikekitchen.test'],
    subject: 'Workshop evening moves to Thursdays',
    text: 'Same place, same tea.',
  },
  {
    from: ['Giulia Ferri', 'giulia.ferri@collina.test'],
    subject: 'La ricetta della nonna',
    text: 'Eccola! Non dimenticare di lasciare riposare l’impasto.',
  },
  {
    from: ['Lumen Energy', 'billing@lumen.example'],
    subject: 'Your statement for October',
    text: 'There is nothing to pay this month.',
    shape: 'attachment',
  },
  {
    from: ['Петр Иванов', 'petr@ivanov.test'],
    subject: '=?KOI8-R?B?896j1CDawSDOz9HC0tg=?=',
    text: 'Добрый день, счёт во вложении.',
    shape: 'attachment',
  },
  {
    from: ['Sven', 'sven@riverside.test'],
    subject: 'Grillen am Samstag?',
    text: 'Wenn das Wetter hält, ab 16 Uhr bei uns.',
  },
  {
    from: ['Orchard Planning', 'planning@orchard.example'],
    subject: 'Notes from Monday',
    text: 'Grafting dates are settled. Ines takes the north rows.',
  },
  {
    from: ['Ines Duarte', 'ines@orchard.example'],
    subject: 'Re: Notes from Monday',
    text: 'North rows are fine, but I need the tall ladder.',
  },
  {
    from: ['Paper & Thread', 'shop@paperthread.example'],
    subject: 'Order 20931 is on its way',
    text: '2 × notebook, dotted\n1 × bookbinder’s thread',
    shape: 'order',
  },
  {
    from: ['The Slow Web', 'letters@slowweb.example'],
    subject: 'The Slow Web #42: Links that last',
    text: 'Name the page for what it is, and it can stay where it is.',
    shape: 'newsletter',
  },
  {
    from: ['陳美玲', 'meiling@harbour.test'],
    subject: '=?Big5?B?t3zEs7BPv/0=?=',
    text: '會議記錄請見附件。',
    shape: 'attachment',
  },
  {
    from: ['Weather Watch', 'alerts@weather.example'],
    subject: 'Frost warning for the valley',
    text: 'Down to minus three from midnight to seven.',
  },
  { from: ['Åse Bjørnstad', 'ase@fjell.test'], subject: 'Hytta i påsken', text: 'Vi har fått nøklene. Blir dere med?' },
  {
    from: ['Choir', 'choir@riverside.test'],
    subject:
      'Rehearsal recordings, and a very long subject that goes on about the alto part in the second movement, the missing page 14, who is bringing the cake, and why the heating in the hall has been off since Wednesday',
    text: 'All of it in the recordings.',
  },
  {
    from: ['Rosa Delgado', 'rosa@delgado.test'],
    subject: '¿Comemos el jueves?',
    text: 'Conozco un sitio nuevo cerca de la estación.',
    wordCharset: 'iso-8859-1',
  },
  {
    from: ['Forge', 'security@forge.example'],
    subject: 'New sign-in to your account',
    text: 'From a browser on Linux. If that was you there is nothing to do.',
  },
  {
    from: ['Henrik Larsson', 'henrik@orchard.example'],
    subject: 'Invoice draft, please check',
    text: 'Is the VAT number right?',
    shape: 'attachment',
  },
  {
    from: ['Museum Friends', 'friends@museum.example'],
    subject: 'Opening night: you are invited',
    text: 'Wine, bread, and the restored ceiling.',
    shape: 'invitation',
  },
  { from: ['ليلى حداد', 'layla@zaytouna.test'], subject: 'موعد الاجتماع يوم الأحد', text: 'نلتقي في العاشرة صباحا.' },
  {
    from: ['Nora Lindqvist', 'nora@riverside.test'],
    subject: 'Re: Keys for the allotment',
    text: 'Found them, thank you! Three ripe tomatoes.',
  },
  {
    from: ['Secondhand Books', 'orders@oldpages.example'],
    subject: 'We have found the book you were looking for',
    text: 'A little worn at the spine. Shall we keep it for you?',
    shape: 'order',
  },
  {
    from: ['Tiago Ramos', 'tiago@ramos.test'],
    subject: 'Fotografias da caminhada',
    text: 'Ficaram ótimas. A do farol é a melhor.',
    shape: 'attachment',
  },
  {
    from: ['Build Robot', 'builds@forge.example'],
    subject: '[orchard] build 1190 passed on main',
    text: 'All 415 tests passed in 37 s.',
  },
  {
    from: ['Neighbourhood list', 'list@riverside.test'],
    subject: 'Lost: grey cat, answers to Pixel',
    text: 'Last seen near the mill.',
  },
  {
    from: ['Zeynep Kaya', 'zeynep@kaya.test'],
    subject: 'Şiir gecesi için program',
    text: 'Sen de bir şey okur musun?',
  },
  {
    from: ['Tax Office', 'no-reply@revenue.example'],
    subject: 'A document is ready for you',
    text: 'Sign in on our site as you always do. We never send links.',
  },
];

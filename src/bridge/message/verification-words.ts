/** The words around numbers, in the languages that mail is written in: which ones announce a one-time code, which not. */

/** A code by any of these words is one to sign in or confirm with. */
const STRONG = [
  // English
  '(?:verification|verify|security|one[- ]?time|single[- ]use|temporary|log[- ]?in|sign[- ]?in|sign[- ]?up|confirmation|' +
    'authenticat(?:ion|or)|authori[sz]ation|access|activation|two[- ]factor|two[- ]step|2-step|2fa|mfa|identity|device|' +
    'registration|recovery|reset|unlock|linking|pairing)(?: [a-z]+)? ?(?:code|pass ?code|pin|password)s?',
  'pass ?code|otp|one[- ]time (?:code|password|pin)|code to (?:verify|confirm|sign|log|complete|continue|reset|finish)',
  // German, Dutch, Scandinavian, Finnish
  '(?:best[äa]tigungs|best[äa]tigung|sicherheits|einmal|verifizierungs|verifikations|anmelde|zugangs|login|aktivierungs|' +
    'freischalt|authentifizierungs|pr[üu]f)-?(?:code|kennwort|passwort|pin)s?|(?:mobile)?tan',
  '(?:verificatie|beveiligings|bevestigings|inlog|aanmeld|toegangs|eenmalige ?|activerings|activatie)-?code',
  '(?:verifierings|säkerhets|engångs|inloggnings|bekräftelse|aktiverings)kod(?:en)?|engångslösenord',
  '(?:bekræftelses|bekreftelses|sikkerheds|sikkerhets|engangs|verificerings|verifiserings|log(?:in|g[- ]?inn)[- ]?|aktiverings)' +
    'kode[nr]?|engangs(?:adgangskode|passord)',
  '(?:vahvistus|turva|kertakäyttö|varmennus|kirjautumis|tunnistautumis)(?:koodi|salasana)\\p{L}{0,5}|kertakäyttöi\\p{L}+ koodi\\p{L}{0,5}',
  // Romance
  "code (?:de |d['’])?(?:v[ée]rification|s[ée]curit[ée]|confirmation|acc[èe]s|connexion|validation|authentification|activation|identification)",
  'code (?:à usage unique|unique|temporaire)|mot de passe à usage unique',
  'c[óo]digo(?: [úu]nico)? de (?:un solo uso|verificaci[óo]n|seguridad|acceso|confirmaci[óo]n|autenticaci[óo]n|activaci[óo]n|' +
    'verifica[çc][ãa]o|seguran[çc]a|acesso|confirma[çc][ãa]o|autentica[çc][ãa]o|ativa[çc][ãa]o|uso [úu]nico)',
  "codi (?:de |d[’'])?(?:verificaci[óo]|seguretat)|c[óo]digo temporal|c[óo]digo tempor[áa]rio",
  "codice (?:di |d[’'])?(?:verifica|sicurezza|conferma|accesso|autenticazione|attivazione)|codice (?:monouso|otp|temporaneo|usa e getta)",
  'cod(?:ul)?(?: t[ăa]u| dvs\\.?)? (?:de |unic )(?:verificare|securitate|confirmare|acces|autentificare|activare)',
  // Slavic, Baltic, Hungarian, Turkish, Greek
  'kod\\p{L}{0,3} (?:weryfikacyjn\\p{L}+|jednorazow\\p{L}+|bezpieczeństwa|potwierdzaj\\p{L}+|potwierdzenia|dostępu|logowania|autoryzacyjn\\p{L}+|aktywacyjn\\p{L}+)|jednorazow\\p{L}+ (?:kod|hasł)\\p{L}{0,3}',
  '(?:ověřovac|potvrzovac|bezpečnostn|jednorázov|přihlašovac|autorizačn|overovac|potvrdzovac|prihlasovac)\\p{L}{1,3} (?:kód|hesl)\\p{L}{0,3}',
  '(?:kontrolni|potvrdni|sigurnosni|jednokratni|verifikacijski|verifikacioni) kod|kod za (?:potvrdu|verifikaciju|prijavu)|(?:potrditvena|varnostna|enkratna) koda',
  '(?:ellenőrző|hitelesítő|megerősítő|biztonsági|belépési|egyszer használatos|azonosító) ?kód\\p{L}{0,6}',
  '(?:doğrulama|güvenlik|onay|giriş|aktivasyon|tek kullanımlık)(?: \\p{L}+)? (?:kod|şifre|parola)\\p{L}{0,6}',
  'κωδικ\\p{L}{1,3} (?:επαλήθευσης|ασφαλείας|επιβεβαίωσης|πρόσβασης|μίας χρήσης|μιας χρήσης|σύνδεσης)',
  'код\\p{L}{0,3} (?:подтверждения|безопасности|доступа|авторизации|активации|проверки|для (?:входа|подтверждения|авторизации|регистрации)|верификации)',
  '(?:проверочн|одноразов|верификационн)\\p{L}{2,3} (?:код|парол)\\p{L}{0,3}|код\\p{L}{0,3} (?:підтвердження|безпеки|доступу|для входу|перевірки)|(?:одноразов|перевірочн)\\p{L}{2,3} (?:код|пароль)\\p{L}{0,3}',
  'код\\p{L}{0,3} за (?:потвърждение|сигурност|достъп|вход|проверка)|(?:верификациони|потврдни|сигурносни) код',
  'patvirtinimo kod\\p{L}{1,3}|apstiprinājuma kod\\p{L}{1,3}|kinnituskood\\p{L}{0,3}|saugos kod\\p{L}{1,3}',
  // Asian
  '(?:验证|校验|动态|安全|确认|登录|認證|驗證|確認|登入|动态验证|一次性)(?:码|碼|密码|密碼|代码|代碼)|动态口令',
  '(?:認証|確認|検証|セキュリティ|ログイン|ワンタイム|二段階認証)(?:用)?(?:コード|番号|パスワード|キー)|暗証番号',
  '(?:인증|확인|보안|로그인|일회용|본인확인)\\s?(?:번호|코드|비밀번호)|OTP\\s?번호',
  'mã (?:xác (?:minh|nhận|thực|thực OTP)|bảo mật|đăng nhập|OTP)|รหัส(?:ยืนยัน|ความปลอดภัย|ผ่านครั้งเดียว|\\s?OTP|ตรวจสอบ)',
  'kode (?:verifikasi|keamanan|OTP|konfirmasi|masuk|akses)|kod (?:pengesahan|keselamatan|pengesahan)|verification code',
  '(?:सत्यापन|सुरक्षा|पुष्टिकरण) कोड|ओटीपी|যাচাইকরণ কোড|ওটিপি|சரிபார்ப்புக் குறியீடு|tasdiqlash kodi|растау коды',
  '(?:رمز|كود|رقم) (?:التحقق|الأمان|التأكيد|التفعيل|الدخول|المرور لمرة واحدة|لمرة واحدة)|(?:کد|رمز) (?:تأیید|تایید|یکبار مصرف|ورود|امنیتی|فعال‌سازی)|تصدیقی کوڈ',
  'קוד (?:ה?אימות|ה?אבטחה|ה?אישור|ה?גישה|חד[- ]פעמי|ה?כניסה)|სავერიფიკაციო კოდი|հաստատման կոդ',
];

/** A code, of whatever kind. */
const WEAK = [
  '\\p{L}{0,20}(?:code|kod|kode|koodi|kód|codice|c[óo]digo|κωδικός|код|pin)(?:en|e[nt]?|u|em|ul|unuz|un|si|ja|a|у|ом|s)?',
  '码|碼|コード|코드|รหัส|(?<!\\p{L})mã|رمز|كود|کد|קוד|कोड|କୋଡ୍|কোড|კოდი',
];

/** Codes and numbers of other kinds, which are not for signing in. */
const OTHERS = [
  '(?:post(?:al)?|zip|area|country|bar|qr|promo(?:tion(?:al)?)?|discount|coupon|voucher|gift|referral|invite|invitation|offer|source|' +
    'error|status|product|item|tracking|booking|reservation|swift|sort|dress|colou?r|tax|branch|dial(?:ling)?|morse|response|exit|http|' +
    'store|pickup|savings?|rewards?|campaign|order|course|building|class|airport|bank|checkout|customer|client|supplier|vendor|job|project|material|department|cost|agent|dealer|unit|subject|currency|sales|team)[- ]?codes?(?: (?:is|was))?',
  '(?:rabatt|gutschein|aktions|promo|bar|strich|qr-?|kortings|waarde|kupong|kampanj|erbjudande|tilbuds|alennus|postn?|produkt|fehler|länder|land|buchungs|quell)-?(?:code|kod|kode|koodi)\\p{L}{0,3}',
  'codes? (?:postal|promo(?:tionnel)?|de (?:r[ée]duction|suivi|r[ée]servation|parrainage|la route|commande|conduite)|barres|source|avantage|cadeau|article|client|of)',
  'c[óo]digo (?:postal|de (?:barras|descuento|desconto|reserva|rastreo|rastreamento|promoci[óo]n|promocional|cliente|pedido|producto|produto|conduct?a|área|erro|error|cup[óo]m)|promocional)',
  'codice (?:postale|fiscale|sconto|promozionale|promo|a barre|prodotto|cliente|prenotazione|ordine|tributo|iban|errore|avviamento)',
  'kod (?:pocztowy|rabatowy|promocyjny|kreskowy|produktu|błędu|pošt\\p{L}*)|(?:slevov|poštovn)\\p{L}* k[óo]d|irányítószám|kupon\\p{L}*|indirim kodu|posta kodu|ταχυδρομικός κώδικας|εκπτωτικός κωδικός',
  'промо-?код\\p{L}{0,3}|(?:почтов|штрих)\\p{L}*[- ](?:код|индекс)\\p{L}{0,3}|индекс|код (?:товара|ошибки|города|скидки|заказа|бронирования)',
  '(?:优惠|折扣|兑换|邀请|邮政|条形?|订单|優惠|折扣|郵遞)(?:码|碼|编码|編碼|代码|區號)|クーポン(?:コード)?|割引コード|郵便番号|バーコード|할인\\s?코드|쿠폰\\s?(?:코드|번호)?|우편번호|mã (?:giảm giá|đơn hàng|bưu chính)|kode (?:pos|promo|diskon)|รหัสไปรษณีย์',
  '(?:كود|رمز) (?:الخصم|القسيمة|البريد\\p{L}*)|(?:کد|رمز) (?:تخفیف|پستی)|קוד (?:קופון|הנחה)|מיקוד|(?:पिन|कूपन) कोड|पिनकोड',
  // Labels of numbers
  '(?:order|invoice|bill|receipt|ticket|case|reference|ref|tracking|shipment|parcel|customer|client|member(?:ship)?|account|policy|contract|transaction|payment|booking|' +
    'reservation|confirmation|request|serial|model|part|item|vat|tax|registration|company|licen[cs]e|phone|fax|telephone|mobile|cell|flight|room|gate|' +
    'version|build|release|issue|bug|pull request|article|meeting|webinar|conference|user|employee|student|patient)[ -]?(?:number|num|no\\.?|nr\\.?|id|#|:)+',
  'order|invoice|tel\\.?|phone|fax|call(?: us)?(?: at| on)?|dial|ext\\.?|zip|p\\.?o\\.? box|since|copyright|©|\\(c\\)|ending (?:in|with)|suite|version|build|amount|total|balance|price|\\bID',
  '(?:bestell|rechnungs|kunden|auftrags|vorgangs|sendungs|referenz|ticket|vertrags|telefon|konto|buchungs|steuer|liefer)-?(?:nummer|nr\\.?)|rechnung|bestellung|auftrag|telefon|tel|plz|postleitzahl|endet auf|betrag|summe|seit',
  '(?:bestel|factuur|klant|order|ordre|faktura|kund|kunde|tilaus|asiakas|lasku|beställnings)-?(?:nummer|numero|nr\\.?)|bestelling|beställning|tilaus|postnummer|postinumero|viitenumero',
  "commande|facture|num[ée]ro(?: de| d[’'])?(?: \\p{L}+)?|n°|t[ée]l[ée]phone|r[ée]f[ée]rence|dossier|montant|se terminant par|pedido|factura|fatura|n[úu]mero(?: de)?(?: \\p{L}+)?|tel[ée]fono|telefone|referencia|refer[êe]ncia|importe|valor|terminada en|ordine|fattura|numero(?: di| d[’'])?(?: \\p{L}+)?|telefono|riferimento|importo",
  'zam[óo]wieni\\p{L}*|faktur\\p{L}*|numer\\p{L}*(?: \\p{L}+)?|objedn[áa]v\\p{L}*|[čc][íi]slo(?: \\p{L}+)?|rendel[ée]s\\p{L}*|sz[áa]mla\\p{L}*|comand\\p{L}*|sipari[şs]\\p{L}*|παραγγελ\\p{L}*|τιμολόγι\\p{L}*|τηλ\\p{L}*',
  'заказ\\p{L}*|сч[её]т\\p{L}*|накладн\\p{L}*|тел(?:ефон\\p{L}*)?|трек-?номер|номер (?:заказа|телефона|счета|договора|брони)|замовлен\\p{L}*|поръчк\\p{L}*|сумм[аы]',
  '订单(?:编?号)?|訂單(?:編?號)?|运单号?|快递单号|单号|电话|電話(?:番号)?|邮编|编号|编码|金额|注文番号|ご?注文|お?問い?合わせ番号|追跡番号|会員番号|お客様番号|予約番号|請求書|주문\\s?번호|송장\\s?번호|운송장\\s?번호|전화(?:번호)?|예약\\s?번호|고객\\s?번호',
  'đơn hàng|hóa đơn|điện thoại|nomor (?:pesanan|telepon|resi)|pesanan|คำสั่งซื้อ|เลขที่|โทร|(?:رقم )?(?:الطلب|الفاتورة|الهاتف)|رقم (?:الحجز|العميل|الشحنة)|شماره (?:سفارش|تلفن)|(?:מספר )?(?:הזמנה|ההזמנה|טלפון|חשבונית)|ऑर्डर|चालान|फ़ोन',
];

/** Words of scripts that are written without spaces, or with prefixes, may start within a word. */
const word = (sources: readonly string[]): string =>
  `(?<![\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}])(?:${sources.join('|')})(?![\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}])`;

/** Finds each of the words; its group says of which kind. The first kind that fits counts. */
export const CODE_WORDS = new RegExp(
  `(?<strong>${word(STRONG)})|(?<other>${word(OTHERS)})|(?<weak>${word(WEAK)})`,
  'giu',
);

/** What stands between a word for any code and the code itself. */
export const IS =
  /^[\s:：=«»"'“„「『【[(–—-]*(?:(?:is|ist|lautet|est|le|la|es|é|è|er|är|jest|to|je|este|on|är|olan|là|adalah|ialah|です|は|是|为|為|هو|הוא|है|คือ|είναι|е|это|es el)[\s:：=«»"'“„「『【[(–—-]*){0,3}$/iu;

/** Texts whose numbers are to be dialled. */
export const MEETING =
  /\b(?:meeting|webinar|conference|besprechungs|konferenz|réunion|reunión)[- ]?(?:id|nummer)\b|dial[- ]in/iu;

/** Texts whose mixtures of letters and digits are bookings, vouchers and the like. */
export const TRADE =
  /\b(?:booking|reservation|itinerary|flight|hotel|check-in|order|discount|coupon|promo|voucher|gift|save|sale|% off|buchung|gutschein|rabatt|r[ée]servation|r[ée]duction|reserva|descuento|desconto|prenotazione|sconto|korting|rabat)|скидк|промокод|бронь|优惠|折扣|クーポン|割引|할인|쿠폰|خصم|הנחה/iu;

"""What stands above Outlook's columns, in the languages in which it writes them.

By what we call the column, (field, label); the names of one are separated by bars:
English, also that of older programs, German, French, Spanish, Italian and Japanese.
Spanish and Italian tables hold English names among their own.
"""

from contacts.importing.fields import KEEP
from networkcrm.text import fold

LEFT_OUT = ""
COLUMNS: dict[tuple[str, str], str] = {
    ("prefix", ""): "title|anrede|titre|titolo|肩書き",
    ("given_name", ""): "first name|firstname|vorname|prénom|nombre|nome|名",
    ("middle_name", ""): "middle name|middlename|weitere vornamen|deuxième prénom"
    "|segundo nombre|secondo nome|ミドル ネーム",
    ("family_name", ""): "last name|lastname|nachname|nom|apellidos|cognome|姓",
    ("suffix", ""): "suffix|suffixe|titolo straniero|敬称",
    ("nickname", ""): "nickname|spitzname|surnom|apodo|alias",
    ("organization", ""): "company|firma|société|organización|società|会社名",
    ("department", ""): "department|abteilung|service|departamento|reparto|部署",
    ("job_title", ""): "job title|jobtitle|position|puesto|posizione|qualifica|役職",
    ("headline", ""): "profession|beruf|profesión|professione|職業",
    # Streets.
    ("street", "work"): "business street|businessstreet|straße geschäftlich"
    "|rue (bureau)|calle del trabajo|via (uff.)|番地 (会社)",
    ("street2", "work"): "business street 2|businessstreet2|straße geschäftlich 2"
    "|rue (bureau) 2|calle del trabajo 2|via (uff.) 2|住所 2 (会社)",
    ("street3", "work"): "business street 3|businessstreet3|straße geschäftlich 3"
    "|rue (bureau) 3|calle del trabajo 3|via (uff.) 3|住所 3 (会社)",
    ("city", "work"): "business city|businesscity|ort geschäftlich|ville (bureau)"
    "|ciudad de trabajo|città (uff.)|市町村 (会社)",
    ("region", "work"): "business state|businessstate|region geschäftlich"
    "|dép/région (bureau)|provincia o estado de trabajo|provincia (uff.)"
    "|都道府県 (会社)",
    ("code", "work"): "business postal code|businesspostalcode"
    "|postleitzahl geschäftlich|code postal (bureau)|código postal del trabajo"
    "|cap (uff.)|郵便番号 (会社)",
    ("country", "work"): "business country/region|business country|businesscountry"
    "|land/region geschäftlich|land geschäftlich|pays/région (bureau)"
    "|país o región del trabajo|paese (uff.)|国 (会社)/地域",
    ("box", "work"): "business address po box|postfach geschäftlich"
    "|b.p. professionnelle|apartado postal de la dirección del trabajo"
    "|indirizzo (uff.) - casella postale|会社住所私書箱",
    ("whole", "work"): "business address",
    ("street", "home"): "home street|homestreet|straße privat|rue (domicile)"
    "|calle del domicilio|via (ab.)|番地 (自宅)",
    ("street2", "home"): "home street 2|homestreet2|straße privat 2|rue (domicile) 2"
    "|calle del domicilio 2|via (ab.) 2|住所 2 (自宅)",
    ("street3", "home"): "home street 3|homestreet3|straße privat 3|rue (domicile) 3"
    "|calle del domicilio 3|via (ab.) 3|住所 3 (自宅)",
    ("city", "home"): "home city|homecity|ort privat|ville (domicile)"
    "|ciudad de residencia|città (ab.)|市町村 (自宅)",
    ("region", "home"): "home state|homestate|bundesland/kanton privat|region privat"
    "|dép/région (domicile)|provincia (ab.)|都道府県 (自宅)",
    ("code", "home"): "home postal code|homepostalcode|postleitzahl privat"
    "|code postal (domicile)|código postal|cap (ab.)|郵便番号 (自宅)",
    ("country", "home"): "home country/region|home country|homecountry"
    "|land/region privat|land privat|pays/région (domicile)"
    "|país o región del domicilio|paese (ab.)|国 (自宅)/地域",
    ("box", "home"): "home address po box|postfach privat|boîte postale du domicile"
    "|apartado postal de la dirección personal|indirizzo (ab.) - casella postale"
    "|自宅住所私書箱",
    ("whole", "home"): "home address",
    ("street", "other"): "other street|weitere straße|rue (autre)|otra calle"
    "|altra via|番地 (その他)",
    ("street2", "other"): "other street 2|weitere straße 2|rue (autre) 2"
    "|otra calle 2|altra via 2|住所 2 (その他)",
    ("street3", "other"): "other street 3|weitere straße 3|rue (autre) 3"
    "|otra calle 3|altra via 3|住所 3 (その他)",
    ("city", "other"): "other city|weiterer ort|ville (autre)|otra ciudad|altra città"
    "|市町村 (その他)",
    ("region", "other"): "other state|weiteres/r bundesland/kanton|weitere region"
    "|dép/région (autre)|otra provincia o estado|altra provincia"
    "|都道府県 (その他)",
    ("code", "other"): "other postal code|weitere postleitzahl|code postal (autre)"
    "|otro código postal|altro cap|郵便番号 (その他)",
    ("country", "other"): "other country/region|other country|weiteres/e land/region"
    "|weiteres land|pays/région (autre)|otro país o región|altro paese"
    "|国 (その他)/地域",
    ("box", "other"): "other address po box|weiteres postfach|autre boîte postale"
    "|otro apartado postal|altro indirizzo - casella postale|その他住所私書箱",
    ("whole", "other"): "other address",
    # Numbers.
    ("phone", "work"): "business phone|business phone 2|telefon geschäftlich"
    "|telefon geschäftlich 2|telefon (geschäftlich)|telefon (geschäftlich 2)"
    "|téléphone (bureau)|téléphone 2 (bureau)|teléfono del trabajo"
    "|teléfono del trabajo 2|ufficio|ufficio 2|会社電話|会社電話 2",
    ("phone", "home"): "home phone|home phone 2|telefon privat|telefon privat 2"
    "|telefon (privat)|telefon (privat 2)|téléphone (domicile)"
    "|téléphone 2 (domicile)|particular|particular 2|abitazione|abitazione 2"
    "|自宅電話|自宅電話 2",
    ("phone", "mobile"): "mobile phone|mobile phone 2|mobiltelefon|tél. mobile"
    "|móvil|teléfono móvil|cellulare|携帯電話",
    ("phone", "other"): "other phone|weiteres telefon|téléphone (autre)"
    "|otro teléfono|altro telefono|その他の電話",
    ("phone", "main"): "primary phone|haupttelefon|téléphone principal"
    "|teléfono principal|telefono principale|通常の電話",
    ("phone", "company"): "company main phone|telefon firma|téléphone société"
    "|número de centralita de la organización|telefono principale società"
    "|会社代表電話",
    ("phone", "car"): "car phone|autotelefon|téléphone (voiture)"
    "|teléfono del automóvil|telefono auto|自動車電話",
    ("phone", "pager"): "pager|récepteur de radiomessagerie|localizador"
    "|cercapersone|ポケットベル",
    ("phone", "work fax"): "business fax|fax geschäftlich|télécopie (bureau)"
    "|fax del trabajo|fax (uff.)|会社 fax",
    ("phone", "home fax"): "home fax|fax privat|télécopie (domicile)"
    "|fax particular|fax (ab.)|自宅 fax",
    ("phone", "other fax"): "other fax|weiteres fax|télécopie (autre)|otro fax"
    "|altro fax|その他の fax",
    ("phone", "assistant"): "assistant's phone|telefon assistent"
    "|téléphone de l'assistant(e)|teléfono del ayudante|telefono assistente"
    "|秘書の電話",
    ("phone", "callback"): "callback|rückmeldung|rappel|devolución de llamada"
    "|richiamata automatica|コールバック",
    ("phone", "radio"): "radio phone|mobiltelefon 2|radio téléphone|radioteléfono"
    "|radiotelefono|無線電話",
    ("phone", "textphone"): "tty/tdd phone|telefon für hörbehinderte"
    "|téléphone tdd/tty|número de teletipo|telefono tty/tdd|tty/tdd",
    ("phone", "telex"): "telex|télex|テレックス",
    ("phone", "ISDN"): "isdn|rnis",
    # Mail and pages.
    ("email", "1"): "e-mail address|e-mail|email|email address|e-mail-adresse"
    "|adresse de messagerie|adresse de courrier|dirección de correo electrónico"
    "|indirizzo posta elettronica|電子メール アドレス",
    ("email", "2"): "e-mail 2 address|email 2 address|e-mail 2: adresse"
    "|adresse de messagerie 2|adresse de courrier 2"
    "|dirección de correo electrónico 2|indirizzo posta elettronica 2"
    "|電子メール 2 アドレス",
    ("email", "3"): "e-mail 3 address|email 3 address|e-mail 3: adresse"
    "|adresse de messagerie 3|adresse de courrier 3"
    "|dirección del correo electrónico 3|dirección de correo electrónico 3"
    "|indirizzo posta elettronica 3|電子メール 3 アドレス",
    ("shown", "1"): "e-mail display name|e-mail: angezeigter name"
    "|nom complet de l'adresse de messagerie"
    "|nombre de pantalla de correo electrónico"
    "|nome visualizzato posta elettronica|電子メール表示名",
    ("shown", "2"): "e-mail 2 display name|e-mail 2: angezeigter name"
    "|nom complet de l'adresse de messagerie 2"
    "|nombre de pantalla de correo electrónico 2"
    "|nome visualizzato posta elettronica 2|電子メール 2 表示名",
    ("shown", "3"): "e-mail 3 display name|e-mail 3: angezeigter name"
    "|nom complet de l'adresse de messagerie 3"
    "|nombre de pantalla de correo electrónico 3"
    "|nome visualizzato posta elettronica 3|電子メール 3 表示名",
    (LEFT_OUT, "type"): "e-mail type|e-mail 2 type|e-mail 3 type|e-mail-typ"
    "|e-mail 2: typ|e-mail 3: typ|type de messagerie|type de messagerie 2"
    "|type de messagerie 3|tipo de correo electrónico|tipo de correo electrónico 2"
    "|tipo de correo electrónico 3|tipo posta elettronica"
    "|tipo posta elettronica 2|tipo posta elettronica 3|電子メールの種類"
    "|電子メール 2 の種類|電子メール 3 の種類",
    ("url", ""): "web page|webpage|webseite|page web|página web|pagina web|web ページ",
    ("url", "home"): "personal web page",
    ("handle", "IM"): "imaddress|im address",
    # What else is known of them.
    ("birthday", ""): "birthday|geburtstag|anniversaire|cumpleaños|compleanno|誕生日",
    ("anniversary", ""): "anniversary|jahrestag|anniversaire de mariage ou fête"
    "|aniversario|anniversario|記念日",
    ("tags", ""): "categories|category|kategorien|catégories|categorías|categorie|分類",
    ("about", ""): "notes|notizen|notas|note|メモ",
    ("spouse", ""): "spouse|partner|conjoint(e)|cónyuge|nome coniuge|配偶者",
    ("child", ""): "children|kinder|enfants|hijos|figli|子供",
    ("manager", ""): "manager's name|name des/der vorgesetzten"
    "|name des/r vorgesetzten|responsable|nombre del director|nome manager"
    "|マネージャー",
    ("assistant", ""): "assistant's name|name assistent|assistent(in)"
    "|nom de l'assistant(e)|nombre del ayudante|nome assistente|秘書の氏名",
    ("met_through", ""): "referred by|empfohlen von|recommandé par|recomendado por"
    "|presentato da|紹介者",
    ("X-PHONETIC-FIRST-NAME", ""): "given yomi|vorname yomi|prénom yomi"
    "|yomi especificada|名前フリガナ",
    ("X-PHONETIC-LAST-NAME", ""): "surname yomi|nachname yomi|nom yomi"
    "|apellido yomi|姓フリガナ",
    ("X-PHONETIC-ORG", ""): "company yomi|firma yomi|société yomi|compañía yomi"
    "|会社名フリガナ",
    ("initials", ""): "initials|initialen|initiales|iniciales|iniziali|イニシャル",
    # What says nothing unless it says something else than usual.
    ("usual", "Gender"): "gender|geschlecht|sexe|género|sexo|sesso|性別",
    ("usual", "Priority"): "priority|priorität|priorité|prioridad|priorità|優先度",
    ("usual", "Private"): "private|privat|privé|privado|privato|プライベート",
    ("usual", "Sensitivity"): "sensitivity|vertraulichkeit|critère de diffusion"
    "|confidencialidad|riservatezza|秘密度",
    # Without a field; here so that they tell a table of Outlook.
    (KEEP, ""): "account|konto|compte|cuenta|アカウント|billing information"
    "|abrechnungsinformation|informations facturation|facturación"
    "|dati fatturazione|支払い条件|directory server|verzeichnisserver"
    "|government id number|regierungsnr.|sozialversicherungsnr."
    "|code gouvernement|id 番号|hobby|passe-temps|aficiones|趣味"
    "|internet free busy|internet-frei/gebucht|internet frei/gebucht"
    "|disponibilité internet|インターネット空き時間情報|keywords|stichwörter"
    "|language|sprache|location|ort|emplacement|luogo|場所|mileage"
    "|reisekilometer|kilométrage|kilometraje|indennità trasferta|経費情報"
    "|office location|büro|bureau|ubicazione ufficio|事業所"
    "|organizational id number|organisationsnr.|schools"
    "|user 1|user 2|user 3|user 4|benutzer 1|benutzer 2|benutzer 3|benutzer 4"
    "|utilisateur 1|utilisateur 2|utilisateur 3|utilisateur 4"
    "|usuario 1|usuario 2|usuario 3|usuario 4|utente 1|utente 2|utente 3|utente 4"
    "|ユーザー 1|ユーザー 2|ユーザー 3|ユーザー 4",
}
BY_NAME = {
    fold(name): column for column, names in COLUMNS.items() for name in names.split("|")
}
# Every other table of people may have these.
EVERYWHERE = frozenset(
    name
    for name, (field, _label) in BY_NAME.items()
    if field in {
        "prefix", "given_name", "middle_name", "family_name", "suffix", "nickname",
        "organization", "department", "job_title", "headline", "about", "birthday",
        "url", "tags",
    }
) | {
    "e-mail", "email", "email address", "e-mail address", "e-mail-adresse", "gender",
    "geschlecht", "location", "ort", "language", "sprache", "mobile phone",
    "mobiltelefon", "priority", "account", "konto", "partner", "home address",
    "business address", "other address", "hobby", "home phone", "pager", "manager",
    "initials", "codigo postal", "particular", "private", "privat", "keywords",
    "bureau", "service", "responsable",
}  # fmt: skip
# Written where a table of one language would have a date with the day first.
DAY_FIRST = {fold(name) for name in ("prénom", "apellidos", "cognome", "nachname")}
# What the columns say of nearly everybody, folded.
USUAL = frozenset(
    map(
        fold,
        (
            "normal", "normale", "普通", "unspecified", "keine angabe", "non spécifié",
            "non spécifiée", "sin especificar", "non specificato", "指定なし", "false",
            "falsch", "aus", "off", "no", "nein", "non", "faux", "falso", "オフ", "0",
        ),
    )
)  # fmt: skip

"""What may stand above a column: English, German, French, Spanish, some others.

Folded (networkcrm.text.fold), separated by commas.
"""

WORDS = {
    "full_name": (
        "naam, volledige naam, imie i nazwisko, navn, namn, "
        "name, full name, fullname, display name, contact name, contact, person, "
        "who, wer, qui, attendee, guest, participant, member, attendee name, "
        "guest name, participant name, member name, vollstandiger name, "
        "anzeigename, vor- und nachname, kontakt, nom complet, nom et prenom, "
        "prenom et nom, nombre completo, nombre y apellidos, nome completo, 氏名, "
        "名前, 姓名, 이름"
    ),
    "given_name": (
        "voornaam, imie, fornamn, fornavn, "
        "first name, firstname, first, given name, given, forename, vorname, "
        "rufname, prenom, primer nombre, nome, 名"
    ),
    "middle_name": (
        "middle name, middlename, middle, second name, zweiter vorname, deuxieme "
        "prenom, autres prenoms, segundo nombre"
    ),
    "family_name": (
        "achternaam, nazwisko, efternamn, efternavn, etternavn, apelido, "
        "last name, lastname, last, surname, family name, nachname, familienname, "
        "zuname, nom de famille, apellido, apellidos, cognome, sobrenome, 姓"
    ),
    "prefix": (
        "prefix, name prefix, salutation, honorific, anrede, titel, civilite, "
        "tratamiento"
    ),
    "suffix": "suffix, name suffix, namenszusatz, suffixe, sufijo",
    "nickname": "nickname, nick name, nick, alias, spitzname, surnom, pseudo, apodo",
    "pronouns": "pronouns, pronoun, pronomen, pronoms, pronombres",
    "organization": (
        "bedrijf, bedrijfsnaam, organisatie, foretag, virksomhed, "
        "organization, organisation, company, company name, what company do you "
        "work for, employer, firm, business, account name, current company, "
        "associated company, firma, unternehmen, arbeitgeber, firmenname, entreprise, "
        "societe, employeur, empresa, compania, organizacion, azienda, 会社, "
        "会社名, 公司, 회사"
    ),
    "department": (
        "department, dept, division, team, abteilung, service, departement, "
        "departamento"
    ),
    "job_title": (
        "functie, stanowisko, "
        "job title, what is your job title, jobtitle, job, title, position, role, "
        "occupation, profession, function, current position, beruf, rolle, "
        "funktion, stelle, berufsbezeichnung, poste, fonction, metier, intitule "
        "du poste, puesto, cargo, profesion, 役職, 职位, 직책"
    ),
    "headline": "headline, tagline, what they do, short bio",
    "email": (
        "e-mailadres, emailadres, adres e-mail, "
        "email, e-mail, mail, email address, e-mail address, mail address, "
        "e-mail-adresse, emailadresse, mailadresse, courriel, adresse e-mail, "
        "adresse email, adresse mail, adresse electronique, mel, correo, correo "
        "electronico, direccion de correo, メール, メールアドレス, 邮箱, "
        "电子邮件, 이메일"
    ),
    "phone": (
        "telefoon, telefoonnummer, mobiel, telefone, telemovel, "
        "phone, phone number, telephone, telephone number, tel, tel., mobile, "
        "mobile phone, mobile number, cell, cell phone, cellphone, number, "
        "telefon, telefonnummer, rufnummer, handy, handynummer, mobil, "
        "mobiltelefon, mobilnummer, fax, faxnummer, fax number, telephone "
        "portable, portable, numero de telephone, telefono, movil, celular, "
        "numero de telefono, whatsapp number, 電話, 電話番号, 电话, 手机, 전화"
    ),
    "url": (
        "url, website, web site, web, web page, webpage, homepage, home page, "
        "site, link, blog, profile, profile url, webseite, internetseite, "
        "internet, site web, site internet, sitio web, pagina web"
    ),
    "x": "x, twitter, x handle, twitter handle, twitter name, twitter url, x url",
    "handle": (
        "handle, username, user name, social, social profile, messenger, im, "
        "benutzername, im handle"
    ),
    "city": (
        "woonplaats, plaats, stad, miasto, "
        "city, town, city/town, location, place, ort, stadt, wohnort, ville, "
        "commune, localite, ciudad, localidad, poblacion, citta, cidade, 市, 城市"
    ),
    "region": (
        "state, region, province, county, state/province, state/region, "
        "bundesland, departement (adresse), provincia, estado, "
        "comunidad, 都道府県, 省"
    ),
    "country": (
        "country, country/region, land/region, nation, land, staat, pays, pais, "
        "paese, 国, 国家"
    ),
    "address": (
        "address, postal address, mailing address, home address, full address, "
        "work address, anschrift, adresse, postanschrift, adresse postale, "
        "direccion, domicilio, indirizzo, 住所, 地址, 주소"
    ),
    "address.street": (
        "street, street address, address line 1, address 1, address1, strasse, "
        "straße und hausnummer, strasse hausnummer, rue, voie, calle, home "
        "street, business street"
    ),
    "address.extra": (
        "address line 2, address 2, address2, street 2, adresszusatz, complement "
        "d'adresse, extended address"
    ),
    "address.box": "po box, p.o. box, postfach, boite postale, apartado",
    "address.code": (
        "zip, zip code, zipcode, postal code, postcode, post code, plz, "
        "postleitzahl, code postal, cp, codigo postal, cap, 郵便番号, 邮编"
    ),
    "about": (
        "notities, opmerkingen, uwagi, observacoes, "
        "notes, note, about, comment, comments, remarks, description, bio, "
        "biography, memo, details, notizen, notiz, bemerkung, bemerkungen, "
        "kommentar, anmerkungen, beschreibung, remarques, remarque, commentaire, "
        "commentaires, notas, nota, comentarios, observaciones, 備考, メモ, 备注, 메모"
    ),
    "tags": (
        "tags, tag, labels, label, groups, group, group membership, categories, "
        "category, lists, list, interests, keywords, gruppe, gruppen, kategorie, "
        "kategorien, schlagworte, schlagworter, stichworte, etiquettes, "
        "etiquette, groupe, groupes, categorie, etiquetas, etiqueta, grupo, "
        "grupos, categoria"
    ),
    "birthday": (
        "geboortedatum, verjaardag, data urodzenia, data de nascimento, "
        "birthday, birth date, birthdate, date of birth, dob, born, geburtstag, "
        "geburtsdatum, geboren, geb., geb.-datum, date de naissance, anniversaire, "
        "naissance, cumpleanos, fecha de nacimiento, nacimiento, 誕生日, "
        "生年月日, 生日, 생일"
    ),
    "anniversary": (
        "anniversary, wedding anniversary, wedding, hochzeitstag, jahrestag, "
        "aniversario"
    ),
    "spouse": (
        "spouse, partner, husband, wife, ehepartner, ehemann, ehefrau, conjoint, "
        "conjointe, conyuge, pareja"
    ),
    "relation": "child, children, kinder, enfants, hijos",
    "manager": (
        "manager, manager's name, boss, vorgesetzter, vorgesetzte, superieur, jefe"
    ),
    "assistant": (
        "assistant, assistant's name, assistent, assistentin, assistante, asistente"
    ),
    "met_on": (
        "met on, date met, met, first met, when we met, kennengelernt, "
        "kennengelernt am, getroffen am, rencontre le, conocido el"
    ),
    "connected_on": (
        "connected on, connection date, verbunden am, connecte le, conectado el"
    ),
    "met_at": (
        "met at, where we met, where met, met where, how met, kennengelernt bei, "
        "kennengelernt in, rencontre a, lieu de rencontre, conocido en, wo "
        "kennengelernt"
    ),
    "met_through": (
        "met through, introduced by, met via, via, through, referred by, "
        "referrer, vorgestellt von, kennengelernt durch, presente par, presentado "
        "por"
    ),
    "story": (
        "how we met, how you met, story, wie kennengelernt, comment nous nous "
        "sommes rencontres, como nos conocimos"
    ),
    "uid": "uid, uuid, guid",
}

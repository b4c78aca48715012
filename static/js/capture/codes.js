// What a scanned code says of someone: vCard, MeCard, mailto, tel, addresses of profiles.
// Nothing of it is opened or run: it becomes text in fields that I look at before saving.

const LONGEST = 3000;
const LONGEST_TEXT = 500;

/** Returns {field: text} for the form. Throws an Error whose message is for the reader. */
export function understood(code) {
  const text = code.trim();
  if (!text) throw new Error("There is nothing in this code.");
  if (text.length > LONGEST) {
    throw new Error("This code holds far more than a card. Ask for their card, or type the name.");
  }
  if (/^BEGIN:VCARD/i.test(text)) return filled(vcard(text));
  if (/^MECARD:/i.test(text)) return filled(mecard(text.slice(7)));
  if (/^https?:\/\/\S+$/i.test(text)) return { links: text };
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\s)(.+)$/is.exec(text);
  if (scheme) {
    const kind = scheme[1].toLowerCase();
    const value = unpercented(scheme[2].split("?")[0]);
    if (kind === "mailto" || kind === "matmsg") return { emails: value };
    if (kind === "tel" || kind === "sms" || kind === "smsto") return { phones: value.split(":")[0] };
    throw new Error("This code is no card and no address of a person. Nothing was opened.");
  }
  if (text.length > LONGEST_TEXT) {
    throw new Error("This code holds a long text and no card. Type the name instead.");
  }
  return { text };
}

function filled(fields) {
  const kept = Object.entries(fields).filter(([, value]) => value);
  if (!kept.length) throw new Error("This card is empty.");
  return Object.fromEntries(kept);
}

function vcard(text) {
  const found = { emails: [], phones: [], links: [] };
  let given = "";
  const unfolded = text.replace(/=\r?\n/g, "").replace(/\r?\n[ \t]/g, "");
  for (const line of unfolded.split(/\r?\n/)) {
    const match = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/.exec(line);
    if (!match) continue;
    const name = match[1].toUpperCase();
    const value = /QUOTED-PRINTABLE/i.test(match[2]) ? unquoted(match[3]) : match[3];
    const plain = unescaped(value).trim();
    if (!plain) continue;
    if (name === "FN") found.name = plain;
    else if (name === "N") {
      const [family, first, middle] = parts(value);
      given = [first, middle, family].filter(Boolean).join(" ");
    } else if (name === "ORG") found.organization = parts(value).filter(Boolean).join(", ");
    else if (name === "TITLE") found.job_title = plain;
    else if (name === "EMAIL") found.emails.push(plain.replace(/^mailto:/i, ""));
    else if (name === "TEL") found.phones.push(plain.replace(/^tel:/i, ""));
    else if (name === "URL" || name === "X-SOCIALPROFILE" || name === "SOCIALPROFILE") {
      if (/^https?:/i.test(plain) || !/^[a-z]+:/i.test(plain)) found.links.push(plain);
    } else if (name === "NOTE") found.remember = plain;
  }
  found.name ||= given;
  return listed(found);
}

function mecard(text) {
  const found = { emails: [], phones: [], links: [] };
  for (const part of text.split(/(?<!\\);/)) {
    const match = /^([A-Z]+):(.+)$/is.exec(part.trim());
    if (!match) continue;
    const name = match[1].toUpperCase();
    const value = unescaped(match[2]).trim();
    if (name === "N") found.name = value.split(",").reverse().map((word) => word.trim()).join(" ").trim();
    else if (name === "ORG") found.organization = value;
    else if (name === "TITLE") found.job_title = value;
    else if (name === "EMAIL") found.emails.push(value);
    else if (name === "TEL") found.phones.push(value);
    else if (name === "URL" && !/^(?!https?:)[a-z]+:/i.test(value)) found.links.push(value);
    else if (name === "NOTE") found.remember = value;
  }
  return listed(found);
}

function listed(found) {
  const { emails, phones, links } = found;
  return { ...found, emails: emails.join(", "), phones: phones.join(", "), links: links.join(" ") };
}

function parts(value) {
  return value.split(/(?<!\\);/).map((part) => unescaped(part).trim());
}

function unescaped(value) {
  return value.replace(/\\([\\,;:nN])/g, (_whole, char) => (/n/i.test(char) ? "\n" : char));
}

function unquoted(value) {
  return unpercented(value.replaceAll("%", "%25").replace(/=([0-9A-F]{2})/gi, "%$1"));
}

function unpercented(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

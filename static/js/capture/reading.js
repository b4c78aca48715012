// What a line typed in a hurry says of someone, read on the phone with no signal.
// The rules are those of connections/capturing/reading.py, step by step under the same
// names; both are held to tests/connections/capture_cases.json.

const LONGEST_NAME = 80;
const LONGEST_READ = 2000;

const W = "\\p{L}\\p{N}_";
const WORD = '[^\\s,;<>"()]';
const USER = '[^\\s,;:<>"()@]';
const HOST = `[${W}-]+(?:\\.[${W}-]+)+`;
const rx = (source, flags = "") => new RegExp(source, `u${flags}`);
const whole = (source, flags = "") => rx(`^(?:${source})$`, flags);

const DELIMITER = /\s*[,;|·•、，；،؛。\n\t]+\s*|\s+[-–—]\s+|[.!?]+(?:\s+|$)/gu;
const SHORT_FOR = words("prof inc corp univ dept assoc ltd mrs rev hon gen sen capt approx");

const EMAIL = rx(`(?<!${USER})(?:mailto:)?(${USER}+@${HOST})`, "gi");
const FEDIVERSE = rx(`(?<![${W}])(@[${W}.]+@${HOST})`, "g");
const URL_ = rx(
  `(?<![${W}.-])(?:(?:https?://|www\\.)${WORD}+` +
    `|(?:[${W}-]+\\.)*(?:linkedin\\.com/(?:in|pub)|(?:x|twitter|github|instagram|facebook)` +
    `\\.com|bsky\\.app/profile|t\\.me|wa\\.me)/${WORD}+` +
    `|${HOST}/@[${W}]+)`,
  "gi",
);
const DOMAIN = whole(
  "[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:com|org|net|io|dev|app|co|ai|edu|eu|info|me|tech" +
    "|de|fr|uk|ch|at|nl|es|it|se|no|dk|pl|pt|fi|ie|be|cz|ca|au|jp|in|br)",
);
const PHONE = rx(`(?<![${W}.])(?:tel:)?(\\+?[0-9(][0-9 ()./-]{5,}[0-9])(?![${W}])`, "g");
const AMERICAN = whole("\\(?[0-9]{3}\\)?[ .-]?[0-9]{3}[ .-][0-9]{4}");
const DATE = whole(
  "[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}" +
    "|(?:19|20)[0-9]{2} ?[-/] ?(?:19|20)[0-9]{2}",
);
const TAG = rx(`(?<!\\S)#([\\p{L}\\p{N}-]*\\p{L}[${W}-]*)`, "g");
const LABEL = whole(
  "(?:tel|phone|mobile|cell|fax|mail|e-?mail|web|site|website|call|at|on)?[\\s.:]*", "i",
);

const WHO = "(?:(?:and|but) )?(?:(?:s?he|they|who) )?";
const CLAUSES = {
  needs: "(?:needs|need|is looking for|are looking for|looking for|seeks)",
  offers: "(?:offers|(?:can|could) offer|could help with|can help(?: with)?)",
};
const CLAUSE = Object.entries(CLAUSES).map(([kind, verb]) => [
  kind,
  whole(`${WHO}${verb}:? +(.+)`, "is"),
]);
const PROMISE = whole(
  "(?:(?:and )?i )?(?:promised?|will|'ll|have to|should)" +
    "(?: (?:her|him|them))?(?: to| that i'd| i'd)?:? +(.+)" +
    "|(?:and )?i'll +(.+)|(?:todo|to do):? +(.+)",
  "is",
);
const EVENT = whole("(?:we )?met (?:(?:her|him|them) )?(?:at|during) (?:the )?(.+)", "i");
const VIA = whole(
  "(.*?)(?:^|\\s|\\()(?:(?:we )?(?:met )?(?:her |him |them )?(via|through)" +
    "|introduced by|introduced to me by|intro by|brought by)[: ]+([^()]+)\\)?",
  "is",
);
const INSIDE = rx(
  "\\s+(?=(?:via|introduced by|needs|is looking for|looking for|offers|can offer" +
    "|can help with|i'll|i promised|promised)\\s)",
  "i",
);
const HELLO = whole(
  "(?:i )?(?:just )?(?:met|talked to|talked with|spoke to|spoke with|this is|name:) +(.+)", "i",
);
const WORKS_AT = whole("(.+?)\\s+(?:at|@|from)\\s*(.+)|(.+?)\\s*\\(([^()]+)\\)", "i");
const NAME_GOES_ON = whole(
  "(.+?)\\s+((?:with|who|works|runs|is|was|has|makes|does|leads|teaches|studies" +
    "|builds|sells|in|knows|just|wants)\\s.+)",
);

const PARTICLES = words(
  "de la las los del della der den van von vom zu zur da do dos das di du le el al" +
    " bin binti ibn ben bat abu y e und ter ten te af av san",
);
const NO_NAME = words(
  "i we he she they it is are was were has have had needs wants to of my our his her" +
    " about very really great good nice fun tired this that there today tonight what" +
    " who how when where not no yes and or but if so the a an some",
);
const ARTICLES = words("the a an some that");
const CHANNELS = words(
  "zoom email e-mail mail linkedin mastodon x twitter bluesky slack discord teams" +
    " whatsapp signal telegram phone facebook instagram app web text chat car train bus",
);
const SUFFIXES = words("md phd dr jr sr mba cpa esq msc bsc ii iii");
const JOBS = words(
  "ceo cto cfo coo cmo vp founder co-founder cofounder director manager engineer" +
    " developer programmer designer architect professor lecturer teacher researcher" +
    " scientist analyst consultant lawyer attorney doctor nurse journalist editor" +
    " writer author artist photographer producer partner president chair chairman" +
    " secretary student intern head lead owner freelancer freelance coach advisor" +
    " adviser investor recruiter accountant librarian officer coordinator specialist" +
    " assistant postdoc curator organizer chef baker farmer translator musician" +
    " economist biologist physicist chemist psychologist therapist pastor",
);
const SMALL = words("of and the for de la del für und & in des");
const HOUSES = /株式会社|有限|公司|大学|会社|集团|銀行|银行|شركة|جامعة|بنك|חברת|אוניברסיט|주식회사|대학/u;

function words(text) {
  return new Set(text.split(" "));
}

export function nothing() {
  return {
    name: "", organization: "", job_title: "", emails: [], phones: [], links: [],
    introducer: "", needs: [], offers: [], promise: "", tags: [], event: "", remember: "",
  };
}

/** Without case and accents, as networkcrm/text.py compares names. */
export function fold(text) {
  const low = text.normalize("NFKC").toLowerCase().normalize("NFD");
  return tidy(low.replace(/[\u0300-\u036f]/g, "").normalize("NFC"));
}

/** Returns what `nothing()` has, filled in. `people`: names of those who are near. */
export function read(text, people = []) {
  const found = nothing();
  const said = text.replaceAll("\0", " ").replaceAll("’", "'").trim();
  const left = [];
  let clause = "";
  for (const piece of pieces(said.slice(0, LONGEST_READ))) {
    let rest = takeAddresses(piece.text, found);
    if (!rest) continue;
    rest = takeIntroducer(rest, found, people);
    if (!rest) continue;
    clause = takeClause(rest, clause, found);
    if (!clause) left.push({ ...piece, text: rest });
  }
  takeName(left, found);
  takeWork(left, found);
  found.remember = joined(left) + said.slice(LONGEST_READ);
  return found;
}

/** The one of these people whom a typed name means, or "" when none or several. */
export function bestOf(name, people) {
  const wanted = fold(name);
  if (!wanted) return "";
  const same = people.filter((person) => fold(person) === wanted);
  const begun = people.filter((person) => fold(person).startsWith(`${wanted} `));
  const fitting = new Set(same.length ? same : begun);
  return fitting.size === 1 ? [...fitting][0] : "";
}

function pieces(text) {
  let found = [];
  let start = 0;
  let begins = true;
  for (const mark of text.matchAll(DELIMITER)) {
    const isStop = ".!?".includes(mark[0][0]);
    const before = text.slice(start, mark.index);
    if (isStop && !endsASentence(before, mark[0])) continue;
    found.push({ text: before.trim(), after: mark[0], begins });
    start = mark.index + mark[0].length;
    begins &&= !isStop;
  }
  found.push({ text: text.slice(start).trim(), after: "", begins });
  found = found.filter((piece) => piece.text);
  if (!found.length) return [];
  const [first, ...others] = found;
  const parts = apart(first.text);
  let inside = parts.split(INSIDE);
  if (inside.length < 2 || !isName(withoutWork(bare(inside[0])))) {
    inside = parts.split("\n").map((part) => part.trim()).filter(Boolean);
  }
  const fresh = inside.map((part) => ({ text: part, after: ", ", begins: true }));
  fresh.at(-1).after = first.after;
  return [...fresh, ...others];
}

function apart(text) {
  for (const pattern of [FEDIVERSE, EMAIL, URL_]) {
    text = text.replace(pattern, (found) => `\n${found}\n`);
  }
  if (isPhoneOnly(text)) return text;
  return text.replace(PHONE, (found, value) => (isPhone(value, false) ? `\n${found}\n` : found));
}

function endsASentence(before, mark) {
  if ("!?".includes(mark[0]) || !/\s$/u.test(mark)) return true;
  const word = before.split(/[\s.]/u).at(-1);
  if (/\p{Nd}$/u.test(word)) return true;
  return [...word].length > 2 && !SHORT_FOR.has(fold(word));
}

function takeAddresses(text, found) {
  for (const match of text.matchAll(TAG)) add(found.tags, match[1]);
  text = tidy(text.replace(TAG, " "));
  let rest = text;
  for (const [pattern, into] of [
    [FEDIVERSE, found.links],
    [EMAIL, found.emails],
    [URL_, found.links],
  ]) {
    for (const match of rest.matchAll(pattern)) {
      add(into, (match[1] ?? match[0]).replace(/[.:!?']+$/u, ""));
    }
    rest = rest.replace(pattern, " ");
  }
  const alone = isPhoneOnly(rest);
  for (const match of [...rest.matchAll(PHONE)]) {
    if (!isPhone(match[1], alone)) continue;
    add(found.phones, tidy(match[1]));
    rest = rest.replaceAll(match[0], " ");
  }
  if (DOMAIN.test(rest)) {
    add(found.links, rest);
    return "";
  }
  return LABEL.test(rest.trim()) ? "" : text;
}

function isPhoneOnly(text) {
  const match = [...text.matchAll(PHONE)][0];
  if (!match) return false;
  const rest = text.slice(0, match.index) + text.slice(match.index + match[0].length);
  return LABEL.test(rest.trim());
}

function isPhone(value, alone) {
  const digits = value.replace(/[^0-9]/gu, "").length;
  if (digits < 7 || digits > 15 || DATE.test(value.trim())) return false;
  return alone || "+0(".includes(value[0]) || AMERICAN.test(value);
}

function takeIntroducer(text, found, people) {
  const match = VIA.exec(text);
  if (!match || found.introducer) return text;
  const [before, word, name] = [match[1].trim(), (match[2] ?? "").toLowerCase(), match[3].trim()];
  const known = bestOf(name, people);
  const first = [...name][0] ?? "";
  const parts = name.toLowerCase().split(/\s+/u);
  const sure = first !== first.toLowerCase() || first > "\x7f";
  const looks = isName(name) && !CHANNELS.has(parts[0]);
  if (known || (looks && (sure || (word !== "through" && parts.length < 3)))) {
    found.introducer = known || name;
    return before;
  }
  return text;
}

function takeClause(text, last, found) {
  for (const [kind, pattern] of CLAUSE) {
    const match = pattern.exec(text);
    if (match) {
      add(found[kind], told(match[1]));
      return kind;
    }
  }
  const promise = PROMISE.exec(text);
  if (promise && !found.promise) {
    found.promise = told(promise[1] || promise[2] || promise[3]);
    return "promise";
  }
  const event = EVENT.exec(text);
  if (event && isProper(event[1]) && !found.event) {
    found.event = event[1].trim();
    return "event";
  }
  if (last in CLAUSES && /^(?:and|or) /iu.test(text)) {
    found[last].push(`${found[last].pop()} ${text}`);
    return last;
  }
  return "";
}

function takeName(left, found) {
  if (!left.length) return;
  const said = bare(left[0].text);
  const at = WORKS_AT.exec(said);
  if (at) {
    const [name, place] = [at[1] || at[3], at[2] || at[4]];
    if (isName(name) && (at[4] || isProper(place))) {
      found.name = name;
      found.organization ||= place.trim();
      left.shift();
      return;
    }
  }
  if (isName(said)) {
    found.name = said;
    left.shift();
    while (left.length && left[0].begins && SUFFIXES.has(fold(left[0].text).replace(/^\.+|\.+$/gu, ""))) {
      found.name += `, ${left.shift().text}`;
    }
    return;
  }
  const goesOn = NAME_GOES_ON.exec(said);
  if (goesOn && isName(goesOn[1]) && isProper(goesOn[1])) {
    found.name = goesOn[1];
    left[0].text = goesOn[2];
    return;
  }
  const [first, ...others] = fold(said).split(" ");
  const described = ARTICLES.has(first) && others.length <= 6;
  const plain = !others.some((word) => NO_NAME.has(word) && !ARTICLES.has(word));
  if (left.length === 1 && described && plain) {
    found.name = said;
    left.shift();
  }
}

function takeWork(left, found) {
  while (found.name && left.length && left[0].begins) {
    const said = left[0].text;
    const at = WORKS_AT.exec(said);
    if (at?.[1] && isJob(at[1]) && !found.job_title) {
      found.job_title = at[1];
      found.organization ||= at[2].trim();
    } else if (isJob(said) && !found.job_title) found.job_title = said;
    else if (isOrganization(said) && !found.organization) found.organization = said;
    else return;
    left.shift();
  }
}

function isName(text) {
  const parts = text.split(/\s+/u).filter(Boolean);
  if (parts.length < 1 || parts.length > 7 || [...text].length > LONGEST_NAME) return false;
  if (/[0-9:?!"/=<>{}[\]()@#+*]/u.test(text) || !/\p{L}/u.test(text)) return false;
  const low = parts.map((word) => word.toLowerCase().replace(/^[.,']+|[.,']+$/gu, ""));
  if (low.some((word) => NO_NAME.has(word))) return false;
  const isSmall = (word) => /^\p{Ll}/u.test(word);
  const small = parts.filter((word) => isSmall(word) && !PARTICLES.has(word.toLowerCase()));
  if (parts.every(isSmall)) return parts.length <= 4;
  return !small.length || (small.length === 1 && parts.length <= 3);
}

function isProper(text) {
  return /^(?:\p{L}|\p{N})/u.test(text.trim()) && !/^\p{Ll}/u.test(text.trim());
}

function isJob(text) {
  const parts = fold(text).split(" ").map((word) => word.replace(/^\.+|\.+$/gu, ""));
  const harmless = new Set(["of", "the", "and"]);
  const plain = !parts.some((word) => NO_NAME.has(word) && !harmless.has(word));
  return plain && parts.length <= 6 && parts.some((word) => JOBS.has(word));
}

function isOrganization(text) {
  const parts = text.split(/\s+/u);
  if (parts.length > 5 || [...text].length > LONGEST_NAME || /[:?!"=<>]/u.test(text)) return false;
  if (!/\p{Lu}/u.test(text)) return HOUSES.test(text);
  const sentence = parts
    .slice(1)
    .some((word) => /^\p{Ll}/u.test(word) && word === word.toLowerCase() && !SMALL.has(word));
  return !sentence && (isProper(text) || parts[0] !== parts[0].toLowerCase());
}

function bare(text) {
  const match = HELLO.exec(text.trim());
  return tidy(match && isName(withoutWork(match[1])) ? match[1] : text);
}

function withoutWork(text) {
  const match = WORKS_AT.exec(text);
  return match ? match[1] || match[3] : text;
}

function told(text) {
  return tidy(text).replace(/[.! ]+$/u, "");
}

function tidy(text) {
  return text.split(/\s+/u).filter(Boolean).join(" ");
}

function add(values, value) {
  if (value && !values.includes(value)) values.push(value);
}

function joined(left) {
  let said = left.slice(0, -1).map((piece) => piece.text + piece.after).join("");
  const last = left.at(-1);
  if (last) said += last.text + last.after.replace(/[ \n,;]+$/u, "");
  return said.trim();
}

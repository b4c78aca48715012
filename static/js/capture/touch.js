// Reads a card that is held to the phone, where the browser can (NFC).

const CARD = /^text\/(?:x-)?vcard\b/i;

/** What the first card held there says; rejects with a sentence for the reader. */
export async function held(signal) {
  const reader = new globalThis.NDEFReader();
  const said = new Promise((resolve, reject) => {
    reader.onreading = ({ message }) => {
      const found = words(message.records);
      if (found) resolve(found);
      else reject(new Error("There is nothing on this card that we can read."));
    };
    reader.onreadingerror = () => reject(new Error("This card cannot be read. Hold it still, or type the name."));
    signal.addEventListener("abort", () => resolve(""));
  });
  try {
    await reader.scan({ signal });
  } catch {
    throw new Error("Cards cannot be read here. Is NFC on, and allowed? Scanning their code works too.");
  }
  return said;
}

/** Their vCard if there is one, else an address, else a text. */
function words(records) {
  const card = records.find((one) => one.recordType === "mime" && CARD.test(one.mediaType));
  const address = records.find((one) => one.recordType === "url" || one.recordType === "absolute-url");
  const record = card ?? address ?? records.find((one) => one.recordType === "text");
  return record?.data ? new TextDecoder(record.encoding || "utf-8").decode(record.data).trim() : "";
}

// Reads a code with the camera, or in a picture, on the phone itself.

const EVERY = 200;
const SIDE = 1600;

async function detector() {
  const native = globalThis.BarcodeDetector;
  const formats = (await native?.getSupportedFormats().catch(() => [])) ?? [];
  if (formats.includes("qr_code")) return new native({ formats: ["qr_code"] });
  const ours = await import("../../vendor/qr/decode.js");
  return new ours.BarcodeDetector({ formats: ["qr_code"] });
}

/** What the code in this picture says, "" when there is none. */
export async function readPicture(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const [code] = await (await detector()).detect(canvas);
  return code?.rawValue ?? "";
}

/** Show the camera until a code is seen; resolves to "" when `signal` stops it. */
export async function watch(video, signal) {
  const reader = await detector();
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const [code] = await reader.detect(video).catch(() => []);
      if (code?.rawValue) return code.rawValue;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    return "";
  } finally {
    video.srcObject = null;
    for (const track of stream.getTracks()) track.stop();
  }
}

// Scales large pictures in the browser before they are sent: a photo of a telephone has ten times the bytes that pages show.
const MOST_WIDTH = 2560;
const MOST_PIXELS = 16_000_000; // the server keeps tall pictures up to this
const QUALITY = 0.9;
const STILLS = { "image/jpeg": "image/jpeg", "image/png": "image/webp", "image/webp": "image/webp" }; // what each becomes
const HEAD_BYTES = 4096;

/** Whether a PNG or WebP says in its first chunks that it moves: a canvas would keep one frame. */
async function moves(file) {
  const head = new TextDecoder("latin1").decode(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return head.includes("acTL") || head.includes("ANIM");
}

function draw(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function scaled(file, type) {
  const bitmap = await createImageBitmap(file); // turned as its EXIF data says
  const { width, height } = bitmap;
  const scale = Math.min(MOST_WIDTH / width, Math.sqrt(MOST_PIXELS / (width * height)));
  const canvas = scale < 1 && draw(bitmap, scale);
  bitmap.close();
  return canvas && new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
}

/** Returns the picture at most as large as pages show it; the file itself where that saves nothing or cannot be done. */
export async function shrink(file) {
  const type = STILLS[file.type];
  if (!type || (await moves(file))) return file;
  const blob = await scaled(file, type).catch(() => null); // the server says what is wrong with a file
  return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
}

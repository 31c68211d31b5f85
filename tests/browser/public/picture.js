// What a browser does to pictures before it uploads them.
const MOST_BYTES = 300 * 1024;
const MOST_PIXELS = 2048;
const FEWEST_PIXELS = 256;
const SMALLER = 0.8;
const QUALITIES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const AS_THEY_ARE = ["image/gif", "image/webp"];
const COVER = { width: 1080, height: 1920, type: "image/webp", quality: 0.85 };

/** A file that is small enough to be an asset. Throws for one that cannot be made so. */
export async function prepared(file) {
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml") return file;
  if (AS_THEY_ARE.includes(file.type)) {
    if (file.size > MOST_BYTES) throw new Error(`${file.name} は300KBを超えています`);
    return file;
  }
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return file; // the server says what it thinks of it
  const canvas = drawn(picture, fitting(picture, MOST_PIXELS, MOST_PIXELS));
  return isOpaque(canvas) ? opaque(canvas) : transparent(picture, canvas);
}

/** The picture of a project on its publish page: portrait, WebP. */
export async function cover(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return file; // the server says what it thinks of it
  const canvas = drawn(picture, fitting(picture, COVER.width, COVER.height));
  return blobOf(canvas, COVER.type, COVER.quality);
}

async function opaque(canvas) {
  let made;
  for (const quality of QUALITIES) {
    made = await blobOf(canvas, "image/jpeg", quality);
    if (made.size <= MOST_BYTES) break;
  }
  return made;
}

async function transparent(picture, canvas) {
  let made = await blobOf(canvas, "image/png");
  while (made.size > MOST_BYTES && Math.max(canvas.width, canvas.height) > FEWEST_PIXELS) {
    canvas = drawn(picture, { width: canvas.width * SMALLER, height: canvas.height * SMALLER });
    made = await blobOf(canvas, "image/png");
  }
  return made;
}

function fitting({ width, height }, mostWidth, mostHeight) {
  const scale = Math.min(1, mostWidth / width, mostHeight / height);
  return { width: width * scale, height: height * scale };
}

function drawn(picture, { width, height }) {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function isOpaque(canvas) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.every((value, index) => index % 4 !== 3 || value === 255);
}

const blobOf = (canvas, type, quality) => canvas.convertToBlob({ type, quality });

/** Photos are scaled on the phone before they travel: 1,600 px on the long side. */

const LONG_SIDE = 1600;
const QUALITY = 0.82;

/** A JPEG of at most 1,600 px, upright; the file itself where the browser cannot decode it. */
export async function shrink(file: File): Promise<Blob> {
  const picture = await decode(file);
  if (!picture) return file;
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 400_000 && file.type === "image/jpeg") return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const brush = canvas.getContext("2d");
  if (!brush) return file;
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if ("close" in picture) picture.close();
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", QUALITY);
  });
}

async function decode(file: File): Promise<ImageBitmap | HTMLImageElement | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return decodeAsElement(file);
  }
}

/** Older Safari has no createImageBitmap with options; HEIC decodes only as an element there. */
async function decodeAsElement(file: File): Promise<HTMLImageElement | null> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

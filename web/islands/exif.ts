/** What a camera wrote into a JPEG: where and when. Reads only the first 256 kB. */

export interface PhotoFacts {
  lon?: number;
  lat?: number;
  /** Local time of the camera as ISO 8601 without a zone: 2026-02-13T16:45:00. */
  takenAt?: string;
}

const EXIF_POINTER = 0x8769;
const GPS_POINTER = 0x8825;
const DATE_ORIGINAL = 0x9003;
const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

export async function readFacts(file: Blob): Promise<PhotoFacts> {
  try {
    const head = new DataView(await file.slice(0, 256 * 1024).arrayBuffer());
    const start = findExif(head);
    return start === undefined ? {} : factsOf(new Tiff(head, start));
  } catch {
    return {}; // A damaged header is no reason to refuse the photo.
  }
}

function findExif(view: DataView): number | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 10 < view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if (marker === 0xffda || marker >> 8 !== 0xff) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function factsOf(tiff: Tiff): PhotoFacts {
  const root = tiff.directory(tiff.u32(4));
  const exif = tiff.directory(tiff.number(root.get(EXIF_POINTER)));
  const gps = tiff.directory(tiff.number(root.get(GPS_POINTER)));
  const lat = degrees(tiff.ratios(gps.get(2)), tiff.text(gps.get(1)) === "S");
  const lon = degrees(tiff.ratios(gps.get(4)), tiff.text(gps.get(3)) === "W");
  const [, day, time] =
    /^(\d{4}:\d\d:\d\d) (\d\d:\d\d:\d\d)/.exec(tiff.text(exif.get(DATE_ORIGINAL))) ?? [];
  return {
    ...(lat !== undefined && lon !== undefined && (lat || lon) ? { lat, lon } : {}),
    ...(day && time ? { takenAt: `${day.replaceAll(":", "-")}T${time}` } : {}),
  };
}

function degrees(parts: number[], negative: boolean): number | undefined {
  const [whole, minutes = 0, seconds = 0] = parts;
  if (whole === undefined || !Number.isFinite(whole)) return undefined;
  const value = whole + minutes / 60 + seconds / 3600;
  return Math.round((negative ? -value : value) * 1e6) / 1e6;
}

interface Entry {
  type: number;
  count: number;
  at: number;
}

/** The directories of a TIFF structure inside a view; every offset counts from `start`. */
class Tiff {
  private readonly little: boolean;

  constructor(
    private readonly view: DataView,
    private readonly start: number,
  ) {
    this.little = view.getUint16(start) === 0x4949;
  }

  u16(at: number): number {
    return this.view.getUint16(this.start + at, this.little);
  }

  u32(at: number): number {
    return this.view.getUint32(this.start + at, this.little);
  }

  directory(offset: number): Map<number, Entry> {
    const entries = new Map<number, Entry>();
    if (!offset) return entries;
    const count = this.u16(offset);
    for (let i = 0; i < count; i += 1) {
      const at = offset + 2 + i * 12;
      const [type, length] = [this.u16(at + 2), this.u32(at + 4)];
      const inline = (SIZES[type] ?? 1) * length <= 4;
      entries.set(this.u16(at), { type, count: length, at: inline ? at + 8 : this.u32(at + 8) });
    }
    return entries;
  }

  number(entry: Entry | undefined): number {
    if (!entry) return 0;
    return entry.type === 3 ? this.u16(entry.at) : this.u32(entry.at);
  }

  text(entry: Entry | undefined): string {
    if (!entry) return "";
    const bytes = new Uint8Array(this.view.buffer, this.start + entry.at, entry.count);
    return String.fromCharCode(...bytes).replace(/\0.*$/, "");
  }

  ratios(entry: Entry | undefined): number[] {
    if (!entry) return [];
    return Array.from({ length: Math.min(entry.count, 3) }, (_, i) => {
      const under = this.u32(entry.at + i * 8 + 4);
      return under ? this.u32(entry.at + i * 8) / under : 0;
    });
  }
}

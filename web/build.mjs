// Fills dist/: thudo.css, thudo.js, map.js and phone.js (where they are needed), three workers, fonts and the icon sprite.
// Names carry no hash: Django's manifest storage adds it, and rewrites the addresses in the CSS.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { context } from "esbuild";

const watch = process.argv.includes("--watch");
const common = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["es2020"],
  logLevel: "info",
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await writeFile("dist/icons.svg", await sprite());
await copyFile("mark.svg", "dist/mark.svg");
for (const icon of await readdir("app-icons")) await copyFile(`app-icons/${icon}`, `dist/${icon}`);
await writeFile("dist/licences.txt", await licences());
// MapLibre 6 loads its worker by address; a bundle of it needs nothing else.
// Its source map is not served, and Django's manifest storage refuses an address that leads nowhere.
const worker = await readFile("node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", "utf8");
await writeFile("dist/map-worker.js", worker.replace(/^\/\/# sourceMappingURL=.*$/m, ""));

const contexts = await Promise.all([
  context({
    ...common,
    entryPoints: { thudo: "css/index.css" },
    outdir: "dist",
    assetNames: "fonts/[name]",
    loader: { ".woff2": "file" },
    target: ["chrome99", "safari15.4", "firefox97"],
  }),
  context({
    ...common,
    entryPoints: {
      thudo: "islands/index.ts",
      map: "islands/map/index.ts",
      phone: "islands/phone/index.ts",
    },
    outdir: "dist",
    format: "esm",
    target: ["es2022"],
  }),
  context({
    ...common,
    entryPoints: {
      "live-worker": "islands/live/worker.ts",
      "service-worker": "islands/outbox/service-worker.ts",
    },
    outdir: "dist",
    format: "iife",
  }),
]);
for (const one of contexts) {
  if (watch) await one.watch();
  else {
    await one.rebuild();
    await one.dispose();
  }
}

/** One sprite of the icons named in icons.txt, drawn by the page's own CSS (class icon). */
async function sprite() {
  const names = (await readFile("icons.txt", "utf8"))
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
      const body = svg
        .replace(/^[\s\S]*?<svg[^>]*>/, "")
        .replace(/<\/svg>\s*$/, "")
        .replace(/\s+/g, " ")
        .trim();
      return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
    }),
  );
  return `<!-- Lucide, ISC licence, https://lucide.dev/license --><svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** The notices that travel with what is served: the map, the icons, the font. */
async function licences() {
  const files = {
    "MapLibre GL JS": "node_modules/maplibre-gl/LICENSE.txt",
    "Lucide icons": "node_modules/lucide-static/LICENSE",
    "Be Vietnam Pro": "fonts/OFL.txt",
    idb: "node_modules/idb/LICENSE",
  };
  const texts = Object.entries(files).map(
    async ([name, path]) => `${name}\n\n${await readFile(path, "utf8")}\n`,
  );
  return (await Promise.all(texts)).join(`${"-".repeat(80)}\n`);
}

// Builds the stylesheet, the script and the icon sprite into madang/static/dist, each with a hash of its content in its
// name, and compressed beside it for web servers; manifest.json lists the names. The files of the builds before stay, since
// pages that were opened before an upgrade still need them.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const packages = join(root, "node_modules");
const out = join(root, "madang", "static", "dist");
const BUILDS_KEPT = 3; // with the present one
const target = ["chrome111", "firefox115", "safari16.4"];

async function stylesheet() {
  const { css } = sass.compile(join(here, "css", "main.scss"));
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target, legalComments: "none" });
  return code;
}

async function script() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(here, "js", "main.js")],
    bundle: true,
    format: "iife",
    legalComments: "none",
    minify: true,
    target,
    write: false,
  });
  return outputFiles[0].text;
}

async function symbol(name) {
  const svg = await readFile(join(packages, "bootstrap-icons", "icons", `${name}.svg`), "utf8");
  const [, viewBox, shapes] = svg.match(/viewBox="([^"]+)"[^>]*>(.*)<\/svg>/s);
  return `<symbol id="${name}" viewBox="${viewBox}">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
}

async function sprite() {
  const names = (await readFile(join(here, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

// Swagger UI, unchanged, our colours on top of it, the script that starts it, and that of the example pages.
async function documentation() {
  const swagger = join(packages, "swagger-ui-dist");
  const [js, css, colours, start, examples] = await Promise.all([
    readFile(join(swagger, "swagger-ui-bundle.js"), "utf8"),
    readFile(join(swagger, "swagger-ui.css"), "utf8"),
    readFile(join(here, "css", "swagger.css"), "utf8"),
    readFile(join(here, "js", "swagger.js"), "utf8"),
    readFile(join(here, "js", "examples.js"), "utf8"),
  ]);
  return { "swagger-ui.js": withoutMap(js), "swagger-ui.css": withoutMap(css), "swagger.css": colours, "swagger.js": start, "examples.js": examples };
}

function withoutMap(source) {
  return source.replace(/^(\/\/|\/\*)# sourceMappingURL=.*$/gm, "");
}

function hashedName(name, content) {
  const [stem, extension] = name.split(".");
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  return `${stem}-${hash}.${extension}`;
}

async function writeWhole(folder, name, content) {
  const temporary = join(folder, `.${name}.new`);
  await writeFile(temporary, content);
  await rename(temporary, join(folder, name));
}

/** Writes a file and what it is compressed to: web servers send these instead. */
async function writeCompressed(folder, name, content) {
  const [gz, br] = await Promise.all([promisify(gzip)(content, { level: 9 }), promisify(brotliCompress)(content)]);
  await writeWhole(folder, `${name}.gz`, gz);
  await writeWhole(folder, `${name}.br`, br);
  await writeWhole(folder, name, content);
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return null; // the first build, or one that was stopped
  }
}

/** The lists of files of the builds that are kept, the newest first, which has `names`. */
async function buildsWith(names, folder) {
  const manifest = await readJson(join(folder, "manifest.json"));
  const earlier = (await readJson(join(folder, "builds.json"))) ?? (manifest ? [Object.values(manifest).sort()] : []);
  return [names, ...earlier.filter((build) => build.join() !== names.join())].slice(0, BUILDS_KEPT);
}

/** Writes a build: the content of each file by its name without hash. Returns the names that they got. */
export async function write(files, folder = out) {
  await mkdir(folder, { recursive: true });
  const manifest = {};
  for (const [name, content] of Object.entries(files)) {
    manifest[name] = hashedName(name, content);
    await writeCompressed(folder, manifest[name], content);
  }
  const builds = await buildsWith(Object.values(manifest).sort(), folder);
  await writeWhole(folder, "builds.json", `${JSON.stringify(builds, null, 2)}\n`);
  // The manifest is written last, so that every file that it lists exists.
  await writeWhole(folder, "manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
  const kept = new Set(builds.flat().flatMap((name) => [name, `${name}.gz`, `${name}.br`]).concat("manifest.json", "builds.json"));
  const stale = (await readdir(folder)).filter((name) => !kept.has(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true })));
  return manifest;
}

export async function build() {
  const [css, js, icons] = await Promise.all([stylesheet(), script(), sprite()]);
  return write({ "madang.css": css, "madang.js": js, "icons.svg": icons, ...(await documentation()) });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();

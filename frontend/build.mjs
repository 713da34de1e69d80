// Builds the stylesheet, the script and the icon sprite into madang/static/dist, each with a hash of its content in its
// name; manifest.json lists the names.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const packages = join(root, "node_modules");
const out = join(root, "madang", "static", "dist");
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

async function write(files) {
  await mkdir(out, { recursive: true });
  const manifest = {};
  for (const [name, content] of Object.entries(files)) {
    manifest[name] = hashedName(name, content);
    await writeFile(join(out, manifest[name]), content);
  }
  // The manifest is written last, so that every file that it lists exists.
  await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const current = new Set([...Object.values(manifest), "manifest.json"]);
  const stale = (await readdir(out)).filter((name) => !current.has(name));
  await Promise.all(stale.map((name) => rm(join(out, name), { recursive: true })));
  return manifest;
}

export async function build() {
  const [css, js, icons] = await Promise.all([stylesheet(), script(), sprite()]);
  return write({ "madang.css": css, "madang.js": js, "icons.svg": icons, ...(await documentation()) });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build();

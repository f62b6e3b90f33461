/**
 * @file Renders icon.svg into all that the packages need: PNGs (Linux), icon.ico (Windows), icon.icns (macOS). Run by hand after a
 * change of the drawing: `node build/icons/make-icons.mjs`. CHROMIUM names the browser that draws, else /usr/bin/chromium.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('.', import.meta.url));
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

async function render() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage();
  const image = `data:image/svg+xml;base64,${readFileSync(join(folder, 'icon.svg')).toString('base64')}`;
  const pictures = new Map();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<body style="margin:0"><img src="${image}" width="${size}" height="${size}" style="display:block">`,
    );
    await page.locator('img').evaluate((element) => element.decode());
    pictures.set(size, await page.screenshot({ omitBackground: true }));
  }
  await browser.close();
  return pictures;
}

/** ICONDIR, then one ICONDIRENTRY a picture, then the pictures as PNG; a size of 256 is written as 0. */
function ico(pictures) {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [i, [size, png]] of pictures.entries()) {
    const at = 6 + 16 * i;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(([, png]) => png)]);
}

/** "icns" and the whole length, then chunks of type, length with its own eight bytes, and PNG; numbers are big-endian. */
function icns(chunks) {
  const chunk = (type, body) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  return chunk('icns', Buffer.concat(chunks.map(([type, png]) => chunk(type, png))));
}

const pictures = await render();
for (const size of sizes) writeFileSync(join(folder, `${size}x${size}.png`), pictures.get(size));
writeFileSync(
  join(folder, 'icon.ico'),
  ico([16, 24, 32, 48, 64, 128, 256].map((size) => [size, pictures.get(size)])),
);
const icnsTypes = {
  icp4: 16,
  icp5: 32,
  icp6: 64,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic10: 1024,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
};
writeFileSync(
  join(folder, 'icon.icns'),
  icns(Object.entries(icnsTypes).map(([type, size]) => [type, pictures.get(size)])),
);

/** @file The packages' configuration: as electron-builder wants it, and true of what it names. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locate } from '../../src/main/locations.ts';

const root = join(import.meta.dirname, '../..');
/** electron-builder's own parts, as it finds them itself. */
const builderRequire = createRequire(join(root, 'node_modules/app-builder-lib/package.json'));

interface Association {
  readonly ext: string | readonly string[];
  readonly mimeType: string;
}

interface Configuration {
  readonly files: readonly string[];
  readonly extraResources: readonly { from: string; to: string }[];
  readonly fileAssociations: readonly Association[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly linux: { readonly icon: string };
  readonly win: { readonly icon: string };
  readonly nsis: { readonly license: string };
  readonly mac: { icon: string; entitlements: string; entitlementsInherit: string; binaries: string[] };
}

const { load } = builderRequire('js-yaml') as { load(text: string): unknown };
const readConfiguration = () =>
  load(readFileSync(join(root, 'build/electron-builder.yml'), 'utf8')) as Configuration;
const configuration = readConfiguration();

const { validateSchema } = builderRequire('./out/util/config/schemaValidator.js') as {
  validateSchema(schema: unknown, data: unknown): void;
};
const schema = builderRequire('./scheme.json') as unknown;

describe('the configuration', () => {
  it("is what electron-builder's own schema asks for", () => {
    validateSchema(schema, readConfiguration());
  });

  it('would be refused with a word that does not exist', () => {
    expect(() => validateSchema(schema, { ...readConfiguration(), fileAsociations: [] })).toThrow(
      'fileAsociations',
    );
  });

  it('names only files of the checkout that are there', () => {
    const { linux, win, mac, nsis } = configuration;
    const named = [linux.icon, win.icon, nsis.license, mac.icon, mac.entitlements, mac.entitlementsInherit];
    const own = configuration.extraResources
      .map(({ from }) => from)
      // Made by build/stage.mjs; test/e2e/package.test.ts looks inside.
      .filter((path) => !path.startsWith('build/out/'));
    expect([...named, ...own].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('opens the files that it should', () => {
    const extensions = configuration.fileAssociations.flatMap(({ ext }) => ext);
    expect(extensions).toEqual(['nii', 'nii.gz', 'dcm', 'sagitta']);
  });

  it('puts everything where the shell looks for it', () => {
    const resources = '/r';
    const places = locate({ isPackaged: true, platform: 'linux', resources, app: '/r/app.asar' });
    const targets = configuration.extraResources.map(({ to }) => join(resources, to));
    const { preload, ...outside } = places;
    for (const place of Object.values(outside)) {
      expect(
        targets.some((target) => place === target || place.startsWith(`${target}/`)),
        place,
      ).toBe(true);
    }
    expect(configuration.files).toContain('build/out/preload/**');
    expect(preload).toBe('/r/app.asar/build/out/preload/index.cjs');
    const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string };
    expect(configuration.files).toContain(main.replace(/[^/]*$/, '**'));
  });

  it('lets the program run nothing but the app', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
    });
  });
});

describe('the icons', () => {
  const icons = join(root, 'build/icons');

  it.each([16, 24, 32, 48, 64, 128, 256, 512, 1024])('of %i pixels are that large', (size) => {
    const png = readFileSync(join(icons, `${size}x${size}.png`));
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  });

  it('of Windows hold seven sizes, each a PNG', () => {
    const ico = readFileSync(join(icons, 'icon.ico'));
    const count = ico.readUInt16LE(4);
    const sizes = Array.from({ length: count }, (_, i) => {
      const at = ico.readUInt32LE(6 + 16 * i + 12);
      expect(ico.toString('latin1', at + 1, at + 4)).toBe('PNG');
      return ico.readUInt32BE(at + 16);
    });
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  it('of macOS are as long as they say, piece by piece', () => {
    const icns = readFileSync(join(icons, 'icon.icns'));
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      types.push(icns.toString('latin1', at, at + 4));
    expect(types).toContain('ic10');
  });
});

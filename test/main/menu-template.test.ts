/** @file The native menu: complete, and out of the way of the page's keys. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type ShellCommand, shellCommandNames } from '../../src/contract/shell.ts';
import { type MenuOptions, menuTemplate } from '../../src/main/menu-template.ts';

const platforms = ['linux', 'win32', 'darwin'] as const;

function makeMenu(options: Partial<MenuOptions> = {}) {
  const sent: (ShellCommand | string)[] = [];
  const items = flat(
    menuTemplate({
      platform: 'linux',
      isDevelopment: false,
      recent: [],
      send: (command) => sent.push(command),
      openDocumentation: () => sent.push('documentation'),
      showAbout: () => sent.push('about'),
      ...options,
    }),
  );
  const click = (wanted: (item: MenuItemConstructorOptions) => boolean) =>
    (items.find(wanted)?.click as (() => void) | undefined)?.();
  return { items, sent, click };
}

function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

describe.each(platforms)('on %s', (platform) => {
  it('every command of the contract has one item that sends it', () => {
    const { items, sent } = makeMenu({ platform });
    for (const { id, click } of items) {
      if (shellCommandNames.some((name) => name === id)) (click as () => void)();
    }
    expect(sent.map((command) => (command as ShellCommand).name).sort()).toEqual(
      [...shellCommandNames].sort(),
    );
  });

  it('can be quit, and tells about itself and its documentation', () => {
    const { items, sent, click } = makeMenu({ platform });
    expect(items.filter(({ role }) => role === 'quit')).toHaveLength(1);
    click(({ label }) => /About/.test(label ?? ''));
    click(({ label }) => /Documentation/.test(label ?? ''));
    expect(sent).toEqual(['about', 'documentation']);
  });

  it('shows developer tools in development only', () => {
    const has = (isDevelopment: boolean) =>
      makeMenu({ platform, isDevelopment }).items.some(({ role }) => role === 'toggleDevTools');
    expect([has(false), has(true)]).toEqual([false, true]);
  });

  it('registers no accelerator of its own, so a key that the page has is always the page’s', () => {
    const { items } = makeMenu({ platform });
    const registered = items.filter(
      (item) => item.accelerator !== undefined && item.registerAccelerator !== false,
    );
    expect(registered.map(({ label }) => label)).toEqual([]);
  });
});

describe('recent projects', () => {
  it('open their folder, newest first, at most ten', () => {
    const recent = Array.from({ length: 12 }, (_, i) => ({ name: `R&D ${i}`, folder: `/p/${i}` }));
    const { items, sent, click } = makeMenu({ recent });
    expect(items.filter(({ sublabel }) => sublabel?.startsWith('/p/'))).toHaveLength(10);
    click(({ label }) => label === 'R&&D 1');
    expect(sent).toEqual([{ name: 'project.open', folder: '/p/1' }]);
  });

  it('say so when there are none', () => {
    expect(makeMenu().items.find(({ label }) => label === 'No project yet')).toMatchObject({
      enabled: false,
    });
  });
});

/** What Electron binds to the roles that the menu has (lib/browser/api/menu-item-roles.ts of Electron 45). */
const roleKeys: Readonly<Record<string, readonly string[]>> = {
  quit: ['mod+q'],
  close: ['mod+w'],
  minimize: ['mod+m'],
  zoomIn: ['mod++', 'mod+='],
  zoomOut: ['mod+-'],
  resetZoom: ['mod+0'],
  togglefullscreen: ['F11'],
  cut: ['mod+x'],
  copy: ['mod+c'],
  paste: ['mod+v'],
  selectAll: ['mod+a'],
};

describe("the page's own keys", () => {
  const folder = join(import.meta.dirname, '../../src/renderer');
  const keys = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\bkeys: \[([^\]]*)\]/g)])
    .flatMap(([, list]) => [...list!.matchAll(/'([^']+)'|"([^"]+)"/g)].map(([, a, b]) => a ?? b!));

  it('are none that a role of the menu has', () => {
    const { items } = makeMenu();
    const ofRoles = items.flatMap(({ role }) => (role === undefined ? [] : (roleKeys[role] ?? [])));
    expect(keys.filter((key) => ofRoles.includes(key))).toEqual([]);
  });
});

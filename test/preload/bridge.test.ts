/** @file Both ends of the bridge on one wire: what passes, and what does not. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ShellBridge } from '../../src/contract/shell.ts';
import { type BridgeEvent, type BridgeServices, serveBridge } from '../../src/main/bridge-host.ts';
import { makeBridge } from '../../src/preload/bridge.ts';
import { askChannels, newsChannels, tellChannels } from '../../src/preload/channels.ts';

type Listener = (event: BridgeEvent, ...args: unknown[]) => unknown;
type PageListener = (event: unknown, ...args: unknown[]) => void;

const page: BridgeEvent = { sender: { id: 7 }, senderFrame: { url: 'sagitta://app/', parent: null } };

/** Electron's wire between the two: copies what passes, and names the sender. */
function makeWire() {
  const main = new Map<string, Listener>();
  const inPage = new Map<string, PageListener>();
  const deliver = async (channel: string, event: BridgeEvent, args: unknown[]) =>
    main.get(channel)?.(event, ...structuredClone(args));
  return {
    deliver,
    news: (channel: string, value: unknown) => inPage.get(channel)?.({}, structuredClone(value)),
    main: {
      handle: (channel: string, listener: Listener) => void main.set(channel, listener),
      on: (channel: string, listener: Listener) => void main.set(channel, listener),
    },
    page: {
      invoke: (channel: string, ...args: unknown[]) => deliver(channel, page, args),
      send: (channel: string, ...args: unknown[]) => void deliver(channel, page, args),
      on: (channel: string, listener: PageListener) => void inPage.set(channel, listener),
    },
  };
}

let wire: ReturnType<typeof makeWire>;
let heard: unknown[];
let refused: string[];
let answers: { folder: unknown; files: unknown };
let bridge: ShellBridge;

beforeEach(() => {
  wire = makeWire();
  heard = [];
  refused = [];
  answers = { folder: '/chosen', files: ['/a.nii', '/b.nii'] };
  serveBridge(wire.main, {
    pageId: () => 7,
    chooseFolder: async (options) => {
      heard.push(options);
      return answers.folder as string;
    },
    chooseFiles: async (options) => {
      heard.push(options);
      return answers.files as string[];
    },
    showInFolder: (path) => path === '/there',
    onListening: () => heard.push('listening'),
    onBusy: (busy) => heard.push(busy),
    onRecentProjects: (projects) => heard.push(projects),
    onRefused: (channel) => refused.push(channel),
  } satisfies BridgeServices);
  bridge = makeBridge({ wire: wire.page, pathForFile: (file) => file.name, platform: 'linux' });
});

describe('the page', () => {
  it('is announced before it asks for anything', () => {
    expect(heard).toEqual(['listening']);
  });

  it('asks and is answered', async () => {
    expect(await bridge.chooseFolder({ title: 'Where?' })).toBe('/chosen');
    expect(await bridge.chooseFiles()).toEqual(['/a.nii', '/b.nii']);
    expect(await bridge.showInFolder('/there')).toBe(true);
    expect(await bridge.showInFolder('/gone')).toBe(false);
    expect(heard).toEqual(['listening', { title: 'Where?' }, {}]);
  });

  it('hears null when a dialog was closed', async () => {
    answers.folder = null;
    expect(await bridge.chooseFolder()).toBeNull();
  });

  it('tells what runs and which projects there were', () => {
    bridge.setBusy({ text: 'Training' });
    bridge.setBusy(null);
    bridge.setRecentProjects([{ name: 'Brain', folder: '/brain' }]);
    expect(heard.slice(1)).toEqual([{ text: 'Training' }, null, [{ name: 'Brain', folder: '/brain' }]]);
  });

  it('gets the paths of files that have one', () => {
    expect(bridge.pathsOf([new File([], '/a.nii'), new File([], ''), new File([], '/b.nii')])).toEqual([
      '/a.nii',
      '/b.nii',
    ]);
  });

  it('can neither name a channel nor reach an object of Electron', () => {
    expect(Object.keys(bridge).sort()).toEqual([
      'chooseFiles',
      'chooseFolder',
      'onCommand',
      'onHostState',
      'onOpenFiles',
      'pathsOf',
      'platform',
      'setBusy',
      'setRecentProjects',
      'showInFolder',
    ]);
  });

  it.each([
    ['a path that is none', (own: ShellBridge) => own.showInFolder('')],
    ['a path with a zero byte', (own: ShellBridge) => own.showInFolder('/a\0b')],
    ['options that do not exist', (own: ShellBridge) => own.chooseFolder({ properties: ['x'] } as object)],
  ])('cannot send %s', async (_name, ask) => {
    await expect(ask(bridge)).rejects.toThrow();
  });

  it('cannot send a busy state of another shape', () => {
    expect(() => bridge.setBusy({ text: 5 } as never)).toThrow();
    expect(heard).toEqual(['listening']);
  });
});

describe('news from the shell', () => {
  it('waits for the first listener, in order', () => {
    wire.news(newsChannels.command, { name: 'project.open', folder: '/a' });
    wire.news(newsChannels.command, { name: 'help.shortcuts' });
    wire.news(newsChannels.openFiles, ['/x.nii']);
    const commands: unknown[] = [];
    const files: unknown[] = [];
    bridge.onCommand((command) => commands.push(command));
    bridge.onOpenFiles((paths) => files.push(paths));
    expect(commands).toEqual([{ name: 'project.open', folder: '/a' }, { name: 'help.shortcuts' }]);
    expect(files).toEqual([['/x.nii']]);
  });

  it('of the host is the newest only, when nobody listened', () => {
    wire.news(newsChannels.hostState, { state: 'restarting', message: 'x' });
    wire.news(newsChannels.hostState, { state: 'ready' });
    const states: unknown[] = [];
    bridge.onHostState((state) => states.push(state));
    expect(states).toEqual([{ state: 'ready' }]);
  });

  it('is not heard by those who stopped listening', () => {
    const heardNow: unknown[] = [];
    const stop = bridge.onCommand((command) => heardNow.push(command));
    bridge.onCommand(() => undefined);
    stop();
    wire.news(newsChannels.command, { name: 'help.shortcuts' });
    expect(heardNow).toEqual([]);
  });

  it('of another shape is refused', () => {
    expect(() => wire.news(newsChannels.command, { name: 'rm -rf' })).toThrow();
    expect(() => wire.news(newsChannels.openFiles, '/x')).toThrow();
  });
});

describe('the shell', () => {
  const strangers: [string, BridgeEvent][] = [
    ['another window', { ...page, sender: { id: 8 } }],
    ['a frame within the page', { ...page, senderFrame: { url: 'sagitta://app/', parent: {} } }],
    ['a page that went elsewhere', { ...page, senderFrame: { url: 'https://example.com/', parent: null } }],
    ['a frame that is gone', { ...page, senderFrame: null }],
  ];

  it.each(strangers)('answers nobody else: %s', async (_name, event) => {
    await expect(wire.deliver(askChannels.chooseFolder, event, [{}])).rejects.toThrow();
    await wire.deliver(tellChannels.busy, event, [null]);
    expect(heard).toEqual(['listening']);
    expect(refused).toEqual([askChannels.chooseFolder, tellChannels.busy]);
  });

  it.each([
    [askChannels.chooseFiles, { title: 7 }],
    [askChannels.showInFolder, undefined],
    [askChannels.showInFolder, { toString: '/x' }],
  ])('refuses on %s what does not fit: %j', async (channel, value) => {
    await expect(wire.deliver(channel, page, [value])).rejects.toThrow('was refused');
    expect(refused).toEqual([channel]);
  });

  it.each([
    [tellChannels.busy, 'yes'],
    [tellChannels.recentProjects, [{ name: 'x' }]],
    [tellChannels.recentProjects, Array.from({ length: 101 }, () => ({ name: 'x', folder: '/x' }))],
  ])('ignores on %s what does not fit', async (channel, value) => {
    await wire.deliver(channel, page, [value]);
    expect([heard, refused]).toEqual([['listening'], [channel]]);
  });
});

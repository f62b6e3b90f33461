/** @file The shell in motion: host, window, menu and background, and what each tells the others. Decisions lie in the modules beside it. */
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell } from 'electron';
import type { BusyState, HostState, RecentFolder, ShellCommand } from '../contract/shell.ts';
import { newsChannels } from '../preload/channels.ts';
import { Background } from './background.ts';
import { serveBridge } from './bridge-host.ts';
import { closeAnswer, closeQuestion, shouldNotify } from './close-question.ts';
import { askWhenPageGone, askWhenStopped, chooseFiles, chooseFolder } from './dialogs.ts';
import { appOrigin, awayStatus, makeForward, scheme } from './forward.ts';
import type { HostLog } from './host-log.ts';
import { HostProcess } from './host-process.ts';
import { type Locations, socketPath } from './locations.ts';
import { aboutText, menuTemplate } from './menu-template.ts';
import { OpenFiles } from './open-files.ts';
import { RecentCount } from './recent-count.ts';
import { guardSession } from './session-guard.ts';
import { openWindow } from './window.ts';
import { readWindowState } from './window-state.ts';

export interface ShellOptions {
  readonly locations: Locations;
  readonly log: HostLog;
  /** For the socket; only this user may enter. Removed on quitting. */
  readonly socketFolder: string;
  readonly isDevelopment: boolean;
  readonly platform: NodeJS.Platform;
}

const pageReloads = { count: 3, windowMs: 60_000 } as const;

export class Shell {
  readonly openFiles = new OpenFiles(
    (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  );
  readonly #options: ShellOptions;
  readonly #host: HostProcess;
  readonly #background: Background;
  readonly #reloads = new RecentCount(pageReloads.windowMs);
  #window: BrowserWindow | undefined;
  #hostState: HostState | undefined;
  #isPageListening = false;
  /** The host was not there to answer for it. */
  #isPageMissing = false;
  #busy: BusyState | null = null;
  /** As the person left it when last asked. */
  #mayNotify = true;
  #recent: RecentFolder[] = [];
  #isAsking = false;
  #isQuitting = false;
  #isLeaving = false;
  #hasLeft = false;
  #startCount = 0;

  constructor(options: ShellOptions) {
    this.#options = options;
    const { log, platform, locations } = options;
    this.#host = new HostProcess({
      begin: () => this.#beginHost(),
      env: process.env,
      platform,
      logFile: log.file,
      onLine: log.line,
      onState: (state) => this.#onHostState(state),
      now: () => performance.now(),
    });
    this.#background = new Background({
      icon: locations.icon,
      platform,
      show: () => this.show(),
      quit: () => this.#quit(),
    });
  }

  async start(): Promise<void> {
    const { isDevelopment, log } = this.#options;
    this.#host.start();
    guardSession(session.defaultSession, { isDevelopment });
    const forward = makeForward({
      socket: () => this.#host.whenReady(),
      onProblem: ({ method, path, error }) => log.line(`${method} ${path}: ${String(error)}`),
    });
    protocol.handle(scheme, forward);
    this.#serveBridge();
    this.#setMenu();
    app.on('activate', () => this.show());
    app.on('before-quit', (event) => this.#beforeQuit(event));
    app.on('will-quit', (event) => this.#willQuit(event));
    app.on('window-all-closed', () => {
      if (this.#options.platform !== 'darwin') app.quit();
    });
    await this.#openWindow();
  }

  /** Brings the window to the front, made anew when it was closed. */
  show(): void {
    if (this.#window === undefined) {
      void this.#openWindow();
      return;
    }
    this.#background.leave();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** The session ends: no question any more, jobs are paused. */
  quitWithoutAsking(): void {
    this.#quit();
  }

  #beginHost() {
    const { locations, platform, socketFolder } = this.#options;
    this.#startCount += 1;
    const socket = socketPath({ platform, folder: socketFolder, startCount: this.#startCount });
    return {
      file: locations.node,
      args: [locations.entry, 'serve', '--socket', socket, '--json'],
      socket,
    };
  }

  async #openWindow(): Promise<void> {
    const { locations, isDevelopment, log } = this.#options;
    const stateFile = join(app.getPath('userData'), 'window.json');
    const state = await readWindowState(stateFile);
    // Two calls may have waited for the file.
    if (this.#window !== undefined) return;
    const window = openWindow({
      preload: locations.preload,
      icon: locations.icon,
      isDevelopment,
      state,
      stateFile,
      onStateProblem: (error) => log.line(`The window's place was not kept: ${String(error)}`),
    });
    this.#window = window;
    window.on('close', (event) => {
      if (this.#isQuitting || this.#busy === null) return;
      event.preventDefault();
      void this.#askToClose();
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#pageGone();
    });
    window.on('session-end', () => this.#quit());
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#pageGone();
    });
    window.webContents.on('did-navigate', (_event, _url, status) => {
      this.#isPageMissing = status === awayStatus;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#onPageCrash(window, reason));
  }

  #pageGone(): void {
    this.#isPageListening = false;
    this.openFiles.attach(undefined);
  }

  #onPageCrash(window: BrowserWindow, reason: string): void {
    this.#options.log.line(`The page is gone: ${reason}`);
    this.#pageGone();
    if (this.#isQuitting || reason === 'clean-exit') return;
    const now = performance.now();
    if (this.#reloads.at(now) < pageReloads.count) {
      this.#reloads.add(now);
      window.webContents.reload();
      return;
    }
    void askWhenPageGone(reason).then((answer) => {
      if (answer === 'quit') this.#quit();
      else if (!window.isDestroyed()) window.webContents.reload();
    });
  }

  #serveBridge(): void {
    const { log } = this.#options;
    serveBridge(ipcMain, {
      pageId: () => this.#window?.webContents.id,
      chooseFolder: (options) => chooseFolder(this.#window, options),
      chooseFiles: (options) => chooseFiles(this.#window, options),
      showInFolder: (path) => {
        if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
        shell.showItemInFolder(path);
        return true;
      },
      onListening: () => this.#onListening(),
      onBusy: (busy) => this.#setBusy(busy),
      onRecentProjects: (projects) => this.#setRecent(projects),
      onRefused: (channel) => log.line(`Refused: ${channel}`),
    });
  }

  #onListening(): void {
    this.#isPageListening = true;
    this.openFiles.attach({
      command: (command) => this.#send(newsChannels.command, command),
      openFiles: (paths) => this.#send(newsChannels.openFiles, paths),
    });
    if (this.#hostState !== undefined) this.#send(newsChannels.hostState, this.#hostState);
  }

  #send(channel: string, value: unknown): void {
    if (this.#window !== undefined && this.#isPageListening) this.#window.webContents.send(channel, value);
  }

  #onHostState(state: HostState): void {
    this.#hostState = state;
    this.#send(newsChannels.hostState, state);
    // A page that was asked for while there was no host never came to be.
    if (state.state === 'ready' && this.#isPageMissing) void this.#window?.loadURL(`${appOrigin}/`);
    if (state.state !== 'stopped') return;
    void askWhenStopped(state.message, this.#options.log.file).then((answer) => {
      if (answer === 'start') this.#host.start();
      else this.#quit();
    });
  }

  #command(command: ShellCommand): void {
    this.show();
    this.#send(newsChannels.command, command);
  }

  #setMenu(): void {
    const { platform, isDevelopment, locations } = this.#options;
    const template = menuTemplate({
      platform,
      isDevelopment,
      recent: this.#recent,
      send: (command) => this.#command(command),
      openDocumentation: () => void shell.openPath(locations.documentation),
      showAbout: () => app.showAboutPanel(),
    });
    app.setAboutPanelOptions({
      applicationName: 'Sagitta',
      applicationVersion: app.getVersion(),
      copyright: 'MIT licence',
      credits: aboutText,
      // What Linux shows in place of credits.
      authors: [aboutText],
      iconPath: locations.icon,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #setRecent(projects: RecentFolder[]): void {
    const newest = projects[0]?.folder;
    if (newest !== undefined && newest !== this.#recent[0]?.folder) app.addRecentDocument(newest);
    if (JSON.stringify(projects) === JSON.stringify(this.#recent)) return;
    this.#recent = projects;
    this.#setMenu();
  }

  #setBusy(busy: BusyState | null): void {
    const before = this.#busy;
    this.#busy = busy;
    const isWindowVisible = this.#window?.isVisible() === true;
    if (before !== null && shouldNotify({ before, now: busy, isWindowVisible, mayNotify: this.#mayNotify }))
      this.#background.notifyDone(before.text);
    if (this.#background.isEntered) this.#background.enter(busy?.text ?? 'Done');
  }

  async #askToClose(): Promise<void> {
    const question = closeQuestion({
      busy: this.#busy,
      platform: this.#options.platform,
      mayNotify: this.#mayNotify,
    });
    if (question === undefined || this.#isAsking) return;
    this.#isAsking = true;
    this.show();
    const { response, checkboxChecked } = await dialog
      .showMessageBox({ ...question, buttons: [...question.buttons] })
      .finally(() => {
        this.#isAsking = false;
      });
    const answer = closeAnswer(response);
    if (answer !== 'stay') this.#mayNotify = checkboxChecked;
    if (answer === 'quit') this.#quit();
    if (answer !== 'keep') return;
    this.#window?.hide();
    this.#background.enter(this.#busy?.text ?? 'Done');
  }

  #quit(): void {
    this.#isQuitting = true;
    app.quit();
  }

  #beforeQuit(event: Electron.Event): void {
    if (this.#isQuitting || this.#busy === null) {
      this.#isQuitting = true;
      return;
    }
    event.preventDefault();
    void this.#askToClose();
  }

  /** The windows are closed; the host pauses its jobs, then the shell goes as well. */
  #willQuit(event: Electron.Event): void {
    if (this.#hasLeft) return;
    event.preventDefault();
    // Asked to quit once more while the host takes its leave.
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    void this.#leave();
  }

  async #leave(): Promise<void> {
    const { log, socketFolder } = this.#options;
    this.#background.leave();
    const outcome = await this.#host.stop();
    if (outcome === 'ended') log.line('The host did not leave in time and was ended.');
    await log.close();
    await rm(socketFolder, { recursive: true, force: true });
    this.#hasLeft = true;
    app.quit();
  }
}

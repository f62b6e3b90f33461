/** @file The one window: a sandboxed page, placed where it was, whose place is kept. */
import { BrowserWindow, screen } from 'electron';
import { appOrigin } from './forward.ts';
import { placeWindow, smallestSize, type WindowState, writeWindowState } from './window-state.ts';

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly isDevelopment: boolean;
  readonly state: WindowState | undefined;
  readonly stateFile: string;
  /** When the window's place could not be kept; nothing else is lost by it. */
  readonly onStateProblem: (error: unknown) => void;
}

export function openWindow({ preload, icon, isDevelopment, state, ...rest }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...placeWindow(state, workAreas()),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    show: false,
    title: 'Sagitta',
    // The page's own colour, so that nothing flashes before it is drawn.
    backgroundColor: '#171717',
    icon,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      devTools: isDevelopment,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (state?.isMaximised) window.maximize();
    if (state?.isFullScreen) window.setFullScreen(true);
    window.show();
  });
  keepPlace(window, rest);
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** The main display first. */
function workAreas() {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map(({ workArea }) => workArea);
}

const settleMs = 500;

/** Writes the window's place once it has come to rest, one write after another. */
function keepPlace(
  window: BrowserWindow,
  { stateFile, onStateProblem }: Pick<WindowOptions, 'stateFile' | 'onStateProblem'>,
): void {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = () => {
    clearTimeout(timer);
    const state = {
      bounds: window.getNormalBounds(),
      isMaximised: window.isMaximized(),
      isFullScreen: window.isFullScreen(),
    };
    writing = writing.then(() => writeWindowState(stateFile, state)).catch(onStateProblem);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, settleMs);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', write);
  window.on('closed', () => clearTimeout(timer));
}

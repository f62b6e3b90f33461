/** @file How Sagitta shows itself while its window is hidden: an icon in the notification area (the Dock on macOS), one notification. */
import { Menu, Notification, nativeImage, Tray } from 'electron';

export interface BackgroundOptions {
  readonly icon: string;
  readonly platform: NodeJS.Platform;
  readonly show: () => void;
  readonly quit: () => void;
}

export class Background {
  readonly #options: BackgroundOptions;
  #tray: Tray | undefined;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** `text`: what goes on. On macOS the Dock's icon stays by itself. */
  enter(text: string): void {
    const { icon, platform, show, quit } = this.#options;
    if (platform === 'darwin') return;
    this.#tray ??= new Tray(nativeImage.createFromPath(icon).resize({ width: 22, height: 22 }));
    this.#tray.setToolTip(`Sagitta – ${text}`);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: text, enabled: false },
        { type: 'separator' },
        { label: 'Show Sagitta', click: show },
        { label: 'Pause and quit', click: quit },
      ]),
    );
    this.#tray.removeAllListeners('click');
    this.#tray.on('click', show);
  }

  leave(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }

  get isEntered(): boolean {
    return this.#tray !== undefined;
  }

  notifyDone(text: string): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title: 'Sagitta is done', body: text });
    notification.on('click', this.#options.show);
    notification.show();
  }
}

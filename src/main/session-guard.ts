/** @file What pages may do in Electron's session: load what is the app's own, ask for nothing, go nowhere else. */
import { type App, dialog, type Session, shell, type WebContents } from 'electron';
import { mayLoad, mayUse, navigationTo } from './navigation.ts';

export function guardSession(session: Session, options: { isDevelopment: boolean }): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url, options) }));
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(mayUse(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
}

/** For every page there will ever be, whoever makes it. */
export function guardPages(app: App): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents));
}

function guardPage(contents: WebContents): void {
  contents.on('will-frame-navigate', (event) => {
    if (navigationTo(event.url) === 'inside') return;
    event.preventDefault();
    offerBrowser(event.url);
  });
  contents.on('will-redirect', (event) => {
    if (navigationTo(event.url) !== 'inside') event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    offerBrowser(url);
    return { action: 'deny' };
  });
}

/** A link to the web opens in the person's browser, if the person agrees to the address as it is shown. */
function offerBrowser(address: string): void {
  if (navigationTo(address) !== 'ask') return;
  const { href } = new URL(address);
  void dialog
    .showMessageBox({
      type: 'question',
      message: 'Open this address in your browser?',
      detail: href.length > 500 ? `${href.slice(0, 500)}…` : href,
      buttons: ['Open', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    })
    .then(({ response }) => (response === 0 ? shell.openExternal(href) : undefined));
}

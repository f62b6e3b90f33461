/** @file Entry of the desktop shell: what must happen before Electron is ready, then the shell itself. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, dialog, powerMonitor, protocol } from 'electron';
import { errorReport } from '../base/errors.ts';
import { scheme } from './forward.ts';
import { openHostLog } from './host-log.ts';
import { locate } from './locations.ts';
import { pathsFromArguments } from './open-files.ts';
import { guardPages } from './session-guard.ts';
import { Shell } from './shell.ts';

function openedWith(argv: readonly string[], workingFolder: string): string[] {
  return pathsFromArguments(argv, { workingFolder, isPackaged: app.isPackaged });
}

async function start(): Promise<void> {
  const opened = openedWith(process.argv, process.cwd());
  let shell: Shell | undefined;
  const open = (paths: readonly string[]) => {
    if (shell === undefined) opened.push(...paths);
    else {
      shell.openFiles.add(paths);
      shell.show();
    }
  };
  // macOS may send the first of these before it is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([path]);
  });
  app.on('second-instance', (_event, argv, workingFolder) => open(openedWith(argv, workingFolder)));
  await app.whenReady();
  const isDevelopment = !app.isPackaged;
  shell = new Shell({
    locations: locate({
      isPackaged: app.isPackaged,
      platform: process.platform,
      resources: process.resourcesPath,
      app: app.getAppPath(),
    }),
    log: await openHostLog({ folder: app.getPath('logs'), now: () => new Date() }),
    socketFolder: await mkdtemp(join(tmpdir(), 'sagitta-')),
    isDevelopment,
    platform: process.platform,
  });
  shell.openFiles.add(opened);
  powerMonitor.on('shutdown', () => shell.quitWithoutAsking());
  await shell.start();
}

app.enableSandbox();
guardPages(app);
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);
if (!app.requestSingleInstanceLock()) app.quit();
// Not awaited: Electron becomes ready only after this module has run to its end.
else
  start().catch((error: unknown) => {
    dialog.showErrorBox('Sagitta cannot start', errorReport(error).message);
    app.exit(1);
  });

/** @file Where things lie: in a package under its resources, in a checkout where they are built. Pure; paths are joined, not looked for. */
import { randomUUID } from 'node:crypto';
import { posix, win32 } from 'node:path';

export interface LocationOptions {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  /** Electron's `process.resourcesPath`. */
  readonly resources: string;
  /** Root of the app: the asar in a package, else the checkout. */
  readonly app: string;
}

export interface Locations {
  /** The Node that runs the host: plain Node 24, not Electron. */
  readonly node: string;
  /** Entry of the command line. */
  readonly entry: string;
  readonly preload: string;
  /** PNG, for the tray and windows on Linux. */
  readonly icon: string;
  /** What a person may read. */
  readonly documentation: string;
}

/** The layout below `host` is a checkout's own, so sources find plugins, kernels and the built page as they do there. */
export function locate({ isPackaged, platform, resources, app }: LocationOptions): Locations {
  const { join } = platform === 'win32' ? win32 : posix;
  const node = platform === 'win32' ? 'node.exe' : 'node';
  const host = isPackaged ? join(resources, 'host') : app;
  return {
    node: isPackaged ? join(resources, 'node', node) : join(app, 'node_modules', 'node', 'bin', node),
    entry: join(host, 'src', 'cli', 'main.ts'),
    preload: join(app, 'build', 'out', 'preload', 'index.cjs'),
    icon: isPackaged ? join(resources, 'icon.png') : join(app, 'build', 'icons', '512x512.png'),
    documentation: join(host, 'docs'),
  };
}

/**
 * Where the host listens: a pipe on Windows, else a socket in `folder`, which only this user may enter.
 * Short, because a socket's path may have 104 bytes on macOS.
 */
export function socketPath({ platform, folder, startCount }: SocketOptions): string {
  return platform === 'win32'
    ? `\\\\.\\pipe\\sagitta-${randomUUID()}`
    : posix.join(folder, `host-${startCount}.sock`);
}

export interface SocketOptions {
  readonly platform: NodeJS.Platform;
  readonly folder: string;
  /** A new name at each start: a socket that a killed host left behind is not in the way. */
  readonly startCount: number;
}

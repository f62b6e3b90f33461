/**
 * @file Where the sandbox's modules come from: the plugin's own files and the SDK's, read as they are, with types blanked out.
 * Blanking keeps every line and column in place, so that errors name the author's own line without source maps.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { pluginImportRefused, pluginSyntax } from './errors.ts';

const sdkName = '@sagitta/sdk';
const sourceRoot = join(import.meta.dirname, '..');

/** Folders under `src` that the SDK is made of. */
const sdkFolders = ['sdk/', 'engine/graph/', 'base/'];

const maxFileBytes = 2 ** 20;

/** Names look like `plugin:/src/define.ts` and `sdk:/sdk/index.ts`: they say whose file it is and show no path of this machine. */
export class ModuleSource {
  private readonly pluginFolder: string;

  constructor(pluginFolder: string) {
    this.pluginFolder = realpathSync(pluginFolder);
  }

  /** The name of the module that `specifier` means in the module `base`. Throws PLUGIN_IMPORT_REFUSED. */
  resolve(base: string, specifier: string): string {
    if (specifier === sdkName) return 'sdk:/sdk/index.ts';
    const refuse = (reason: string) => pluginImportRefused({ specifier, file: this.fileOf(base), reason });
    if (!/^\.\.?\//.test(specifier)) throw refuse(`only ${sdkName} and relative paths can be imported`);
    const [owner, path] = splitName(base);
    const target = posix.join(posix.dirname(path), specifier);
    if (target.startsWith('../')) throw refuse('it lies outside the plugin’s folder');
    if (!/\.(ts|js|mjs)$/.test(target)) throw refuse('only .ts, .js and .mjs files can be imported');
    return `${owner}:/${target}`;
  }

  /** The module's code as JavaScript. Throws PLUGIN_IMPORT_REFUSED or PLUGIN_SYNTAX. */
  load(name: string): string {
    const file = this.confinedFile(name);
    const code = readFileSync(file, 'utf8');
    if (!name.endsWith('.ts')) return code;
    try {
      return stripTypeScriptTypes(code, { mode: 'strip' });
    } catch (error) {
      const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw pluginSyntax({ file: this.fileOf(name), message });
    }
  }

  /** A module's file on this machine, for messages. */
  fileOf(name: string): string {
    const [owner, path] = splitName(name);
    return join(owner === 'sdk' ? sourceRoot : this.pluginFolder, path);
  }

  /** The real file behind the name, when it exists and no link leads it out of its folder. */
  private confinedFile(name: string): string {
    const [owner, path] = splitName(name);
    const refuse = (reason: string) =>
      pluginImportRefused({ specifier: path, file: this.fileOf(name), reason });
    if (owner === 'sdk' && !sdkFolders.some((folder) => path.startsWith(folder)))
      throw refuse('it is no part of the SDK');
    const root = owner === 'sdk' ? sourceRoot : this.pluginFolder;
    const file = realFile(join(root, path));
    if (file === undefined) throw refuse('there is no such file');
    const inside = relative(root, file);
    if (inside.startsWith(`..${sep}`) || isAbsolute(inside))
      throw refuse('it lies outside the plugin’s folder');
    if (statSync(file).size > maxFileBytes) throw refuse('it is larger than 1 MB');
    return file;
  }
}

function realFile(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function splitName(name: string): [owner: string, path: string] {
  const at = name.indexOf(':/');
  return [name.slice(0, at), name.slice(at + 2)];
}

/**
 * @file A plugin inside QuickJS: loads its modules, calls `define`, and brings out the recipe as text. Runs in a thread of its own.
 * What comes out is text only; no object of the plugin's ever meets one of ours.
 */
import variantModule from '@jitl/quickjs-wasmfile-release-sync';
import {
  DefaultIntrinsics,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { UserError } from '../base/errors.ts';
import {
  pluginEntryNotFunction,
  pluginMemory,
  pluginMisusesSdk,
  pluginResult,
  pluginResultTooLarge,
  pluginStack,
  pluginSyntax,
  pluginThrew,
  pluginTimeout,
} from './errors.ts';
import type { SandboxLimits } from './limits.ts';
import type { ModuleSource } from './module-source.ts';

export interface GuestTask {
  /** Relative to the plugin's folder. */
  readonly entry: string;
  readonly settingsJson: string;
  readonly fingerprintJson: string;
  readonly limits: SandboxLimits;
}

/**
 * Our helpers inside, made before any code of the plugin runs, so that whatever it changes (JSON, String, prototypes) they keep the
 * originals. There is no clock (Date is left out of the context), and no random numbers.
 */
const prelude = `(() => {
  const { parse, stringify } = JSON;
  const { isFinite } = Number;
  const string = String;
  Math.random = () => {
    throw new Error('a plugin has no random numbers: let the engine draw them from the seed of the run');
  };
  const plain = (key, value) => {
    if (typeof value === 'number' && !isFinite(value)) throw new TypeError('"' + key + '" is ' + value);
    if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
      throw new TypeError('"' + key + '" is a ' + typeof value);
    return value;
  };
  const field = (error, name) => (error[name] === undefined ? undefined : string(error[name]));
  return {
    call: (define, settings, fingerprint) => define(parse(settings), parse(fingerprint)),
    serialise: (draft) => stringify(draft, plain),
    describe: (error) =>
      typeof error === 'object' && error !== null
        ? stringify({
            name: field(error, 'name'), message: field(error, 'message'), stack: field(error, 'stack'),
            code: field(error, 'code'), field: field(error, 'field'), why: field(error, 'why'), next: field(error, 'next'),
          })
        : stringify({ name: 'a thrown value', message: string(error) }),
  };
})()`;

interface GuestError {
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly code?: string;
  readonly field?: string;
  readonly why?: string;
  readonly next?: string;
}

/** The package's types are those of its CommonJS build; here its default is the variant itself. */
const variant = variantModule as unknown as QuickJSSyncVariant;

/** Node's types know WebAssembly's types, but not its values. */
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: { Memory: new (size: { initial: number; maximum: number }) => object };
};

const pageBytes = 2 ** 16;

/** The draft as JSON text. Throws a UserError of this folder's catalogue, or one of the SDK's with the plugin's place. */
export async function runGuest(source: ModuleSource, task: GuestTask): Promise<string> {
  // A WebAssembly instance for each run, never used again: nothing a plugin leaves behind can reach the next.
  // Its memory bears the limit, since QuickJS's own count sees the number of allocations in this build and not their sizes.
  const wasmMemory = new wasm.Memory({
    initial: initialPages,
    maximum: Math.max(initialPages, Math.floor(task.limits.memoryBytes / pageBytes)),
  });
  const quickJs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory }));
  return new Guest(quickJs.newRuntime(), source, task).define();
}

/** What the WebAssembly module was built with: 16 MB. */
const initialPages = 256;

class Guest {
  private readonly context: QuickJSContext;
  private readonly source: ModuleSource;
  private readonly task: GuestTask;
  private readonly entry: string;
  private isOutOfTime = false;
  /** A refusal of the loader: it crosses QuickJS as a plain error, and is thrown as it was afterwards. */
  private refusal: UserError | undefined;

  constructor(runtime: QuickJSRuntime, source: ModuleSource, task: GuestTask) {
    this.source = source;
    this.task = task;
    this.entry = source.resolve('plugin:/package.json', `./${task.entry}`);
    const { limits } = task;
    const deadline = performance.now() + limits.timeMs;
    runtime.setMaxStackSize(limits.stackBytes);
    runtime.setInterruptHandler(() => {
      this.isOutOfTime ||= performance.now() > deadline;
      return this.isOutOfTime;
    });
    runtime.setModuleLoader(
      (name) => this.refusing(() => source.load(name)),
      (base, specifier) => this.refusing(() => source.resolve(base, specifier)),
    );
    this.context = runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false } });
  }

  define(): string {
    const { context, task } = this;
    const helpers = this.checked(() => context.evalCode(prelude, 'sagitta:prelude'));
    const helper = (name: string) => context.getProp(helpers, name);
    this.describe = helper('describe');
    const call = helper('call');
    const serialise = helper('serialise');

    const define = context.getProp(this.loadEntry(), 'default');
    const kind = context.typeof(define);
    if (kind !== 'function') {
      const found = kind === 'undefined' ? 'missing' : `of type ${kind}`;
      throw pluginEntryNotFunction({ file: this.source.fileOf(this.entry), found });
    }
    const texts = [task.settingsJson, task.fingerprintJson].map((text) => context.newString(text));
    const draft = this.checked(() => context.callFunction(call, context.undefined, define, ...texts));
    const text = this.checked(
      () => context.callFunction(serialise, context.undefined, draft),
      (error) => pluginResult({ file: this.place(error), message: error.message ?? '' }),
    );
    return this.textOf(text);
  }

  private describe: QuickJSHandle | undefined;

  /** The entry's module namespace. */
  private loadEntry(): QuickJSHandle {
    const code = this.source.load(this.entry);
    const result = this.checked(() => this.context.evalCode(code, this.entry, { type: 'module' }));
    const state = this.context.getPromiseState(result);
    if (state.type === 'fulfilled') return state.value;
    const file = this.source.fileOf(this.entry);
    if (state.type === 'pending')
      throw pluginThrew({ file, name: 'an unfinished import', message: 'a plugin cannot await.' });
    throw this.explain(state.error);
  }

  private textOf(text: QuickJSHandle): string {
    const { context, task } = this;
    const file = this.source.fileOf(this.entry);
    if (context.typeof(text) !== 'string')
      throw pluginResult({ file, message: `"define" gave no object back` });
    const length = context.getNumber(context.getProp(text, 'length'));
    const { resultLength } = task.limits;
    if (length > resultLength) {
      const megabytes = (characters: number) => Math.ceil(characters / 2 ** 20);
      throw pluginResultTooLarge({
        file,
        megabytes: megabytes(length),
        limitMegabytes: megabytes(resultLength),
      });
    }
    return context.getString(text);
  }

  private refusing(load: () => string): string | { error: Error } {
    try {
      return load();
    } catch (error) {
      if (error instanceof UserError) this.refusal ??= error;
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** The value of a step inside; its errors are explained, by `other` where the step has words of its own. */
  private checked(
    step: () => ReturnType<QuickJSContext['evalCode']>,
    other?: (error: GuestError) => UserError,
  ): QuickJSHandle {
    const result = step();
    if (result.error === undefined) return result.value;
    throw this.explain(result.error, other);
  }

  private explain(thrown: QuickJSHandle, other?: (error: GuestError) => UserError): UserError {
    const error = this.describeError(thrown);
    const file = this.place(error);
    const { limits } = this.task;
    if (this.isOutOfTime) return pluginTimeout({ file, seconds: limits.timeMs / 1000 });
    if (this.refusal !== undefined) return this.refusal;
    const { name = 'an error', message = '', code } = error;
    if (name === 'InternalError' && message === 'out of memory')
      return pluginMemory({ file, megabytes: limits.memoryBytes / 2 ** 20 });
    if (name === 'InternalError' && message === 'stack overflow') return pluginStack({ file });
    if (other !== undefined) return other(error);
    if (name === 'UserError' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code ?? ''))
      return pluginMisusesSdk({ ...error, code: code!, what: message, file });
    if (name === 'SyntaxError') return pluginSyntax({ file, message });
    return pluginThrew({ file, name, message: message.slice(0, 1000) });
  }

  /** Reads an error inside, under the same limits: it may be a proxy, or have getters that throw or never return. */
  private describeError(thrown: QuickJSHandle): GuestError {
    const { context } = this;
    if (this.describe === undefined || this.isOutOfTime) return shallow(context, thrown);
    const described = context.callFunction(this.describe, context.undefined, thrown);
    // Without memory left nothing can be called inside; the engine's own error still has its fields.
    if (described.error !== undefined) return shallow(context, thrown);
    return JSON.parse(context.getString(described.value)) as GuestError;
  }

  /** `path:line` of the innermost frame that is the plugin's own; else the entry. */
  private place({ stack = '' }: GuestError): string {
    const frame = /(plugin:\/[^\s():]+):(\d+)/.exec(stack);
    if (frame === null) return this.source.fileOf(this.entry);
    return `${this.source.fileOf(frame[1]!)}:${frame[2]}`;
  }
}

/** The fields of an error of QuickJS itself; nothing is called inside. */
function shallow(context: QuickJSContext, thrown: QuickJSHandle): GuestError {
  const text = (name: string) => {
    const value = context.getProp(thrown, name);
    return context.typeof(value) === 'string' ? context.getString(value) : '';
  };
  return { name: text('name'), message: text('message'), stack: text('stack') };
}

/** @file The gate: good plugins give recipes, hostile and broken ones a clear error at their own line. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/base/errors.ts';
import { definePlugin } from '../../src/sandbox/define-plugin.ts';
import { defaultLimits, type SandboxLimits } from '../../src/sandbox/limits.ts';
import { fingerprint, goodDefine, goodPlugin, makePlugin } from './make-plugin.ts';

const limits: SandboxLimits = { ...defaultLimits, memoryBytes: 64 * 2 ** 20 };
/** For plugins that never end. */
const brief: SandboxLimits = { ...limits, timeMs: 500 };

const define = (pluginFolder: string, settings = {}, within = limits) =>
  definePlugin({ pluginFolder, settings, fingerprint, limits: within });

async function errorOf(files: Record<string, string>, within = limits): Promise<UserError> {
  return await define(makePlugin(files), {}, within).then(
    (recipe) => {
      throw new Error(`expected an error, got a recipe with ${Object.keys(recipe).length} fields`);
    },
    (error) => error,
  );
}

/** Code that runs inside `define`, before the good recipe is returned. */
const inside = (code: string) => ({
  'define.ts': `${goodDefine}\nexport default (settings, fingerprint) => {\n${code}\nreturn define(settings, fingerprint);\n};\n`,
});
/** Code that changes the good recipe `r`. */
const changed = (code: string) => ({
  'define.ts': `${goodDefine}\nexport default (settings, fingerprint) => {\nconst r: any = define(settings, fingerprint);\n${code}\nreturn r;\n};\n`,
});
const firstLine = goodDefine.split('\n').length + 2;

describe('a good plugin', () => {
  it('gives a recipe that bears its identity and settings', async () => {
    const recipe = await define(makePlugin({ 'define.ts': goodPlugin }), { channels: '4' });
    expect(recipe.plugin).toEqual({ id: 'tiny', version: '1.2.3', apiVersion: 1 });
    expect(recipe.settings).toEqual({ channels: 4 });
    expect(recipe.training.stepsPerEpoch).toBe(4);
  });

  it('gives the same bytes each time', async () => {
    const folder = makePlugin({ 'define.ts': goodPlugin });
    const [first, second] = await Promise.all([define(folder), define(folder)]);
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  });

  it('may be spread over files', async () => {
    const folder = makePlugin({
      'define.ts': "export { default } from './src/inner.ts';",
      'src/inner.ts': goodPlugin,
    });
    expect((await define(folder)).channels).toBe(1);
  });

  it('cannot claim another plugin’s identity or settings', async () => {
    const files = changed("r.plugin = { id: 'other', version: '9', apiVersion: 1 }; r.settings = {};");
    const recipe = await define(makePlugin(files));
    expect(recipe.plugin.id).toBe('tiny');
    expect(recipe.settings).toEqual({ channels: 2 });
  });
});

describe('what a plugin may use up', () => {
  it('ends a loop without end', async () => {
    const error = await errorOf(inside('for (;;) Math.abs(1);'), brief);
    expect(error.code).toBe('PLUGIN_TIMEOUT');
    // Of a loop without end QuickJS knows the function only.
    expect(error.file).toMatch(new RegExp(`define\\.ts:${firstLine - 1}$`));
  });

  it('ends a loop that catches everything', async () => {
    const error = await errorOf(inside('for (;;) { try { for (;;); } catch {} }'), brief);
    expect(error.code).toBe('PLUGIN_TIMEOUT');
  });

  it('ends a loop at the top of a module', async () => {
    expect((await errorOf({ 'define.ts': 'for (;;);\nexport default 1;' }, brief)).code).toBe(
      'PLUGIN_TIMEOUT',
    );
  });

  it('ends a loop inside one of the engine’s own functions, which no interrupt reaches', async () => {
    const code = 'Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);';
    expect((await errorOf(inside(code), brief)).code).toBe('PLUGIN_TIMEOUT');
  });

  it('ends a regular expression that runs away', async () => {
    const code = "/^(a|a)*$/.test('a'.repeat(60) + 'b');";
    expect((await errorOf(inside(code), brief)).code).toBe('PLUGIN_TIMEOUT');
  });

  it('ends an error that never finishes describing itself', async () => {
    const code = 'throw { get message() { for (;;); } };';
    expect((await errorOf(inside(code), brief)).code).toBe('PLUGIN_TIMEOUT');
  });

  it('ends a recursion without end', async () => {
    const error = await errorOf(inside('const deep = () => deep() + 1;\ndeep();'));
    expect(error.code).toBe('PLUGIN_STACK');
    expect(error.file).toMatch(new RegExp(`define\\.ts:${firstLine}$`));
  });

  it.each([
    ['through toJSON', 'const t: any = { toJSON: () => JSON.stringify(t) }; JSON.stringify(t);'],
    ['through a nested list', "JSON.parse('['.repeat(200000));"],
    ['through a regular expression', "new RegExp('('.repeat(200000));"],
    ['through a getter', 'const g: any = { get a() { return g.a; } }; g.a;'],
    ['through a proxy', 'const p: any = new Proxy({}, { get: (t, k) => p[k] }); p.x;'],
  ])('survives a recursion %s', async (_way, code) => {
    const error = await errorOf(inside(code));
    expect(['PLUGIN_STACK', 'PLUGIN_THREW', 'PLUGIN_SYNTAX']).toContain(error.code);
  });

  it('ends a memory bomb', async () => {
    const error = await errorOf(
      inside('const all = [];\nfor (;;) all.push(new Array(1e5).fill(all.length));'),
    );
    expect(error.code).toBe('PLUGIN_MEMORY');
    expect(error.what).toContain('64 MB');
  });

  it('ends a single allocation that is too large', async () => {
    expect((await errorOf(inside("'x'.repeat(2 ** 28);"))).code).toBe('PLUGIN_MEMORY');
  });

  it('refuses a recipe that is too long', async () => {
    const pluginFolder = makePlugin(changed("r.metrics = Array(4000).fill('x'.repeat(100));"));
    const tight = { ...limits, resultLength: 100_000 };
    await expect(
      definePlugin({ pluginFolder, settings: {}, fingerprint, limits: tight }),
    ).rejects.toMatchObject({ code: 'PLUGIN_RESULT_TOO_LARGE' });
  });
});

describe('what a plugin can see', () => {
  it.each([
    'Date',
    'process',
    'require',
    'fetch',
    'console',
    'setTimeout',
    'performance',
    'WebAssembly',
    'Worker',
    'std',
    'os',
  ])('finds no %s', async (name) => {
    const error = await errorOf(inside(`throw new Error(typeof ${name});`));
    expect(error).toMatchObject({ code: 'PLUGIN_THREW', what: 'The plugin failed with Error: undefined' });
  });

  it('has no random numbers', async () => {
    expect((await errorOf(inside('Math.random();'))).what).toContain('no random numbers');
  });

  it('does not reach our globals through constructors', async () => {
    const code = "throw new Error(typeof settings.constructor.constructor('return globalThis.process')());";
    expect((await errorOf(inside(code))).what).toBe('The plugin failed with Error: undefined');
  });

  it.each([
    ['a package', "import 'node:fs';"],
    ['a file outside its folder', "import '../other.ts';"],
    ['an absolute path', "import '/etc/passwd';"],
    ['the inside of the SDK', "import '@sagitta/sdk/scope.ts';"],
    ['the SDK’s own name for its files', "import 'sdk:/sdk/scope.ts';"],
    ['a file that is not there', "import './absent.ts';"],
    ['data', "import './package.json';"],
  ])('cannot import %s', async (_what, code) => {
    const error = await errorOf({ 'define.ts': `${code}\n${goodPlugin}` });
    expect(error.code).toBe('PLUGIN_IMPORT_REFUSED');
    expect(error.file).toContain('sagitta-plugin-');
  });

  it('never gets an answer to a dynamic import', async () => {
    const error = await errorOf({ 'define.ts': `await import('node:fs');\n${goodPlugin}` });
    expect(error).toMatchObject({ code: 'PLUGIN_THREW' });
    expect(error.what).toContain('cannot await');
  });

  it('cannot import through a link that leads out of its folder', async () => {
    const secret = join(makePlugin({ 'secret.ts': 'export default 1;' }), 'secret.ts');
    const folder = makePlugin({ 'define.ts': `import './link.ts';\n${goodPlugin}` });
    symlinkSync(secret, join(folder, 'link.ts'));
    await expect(define(folder)).rejects.toMatchObject({ code: 'PLUGIN_IMPORT_REFUSED' });
  });

  it('cannot name an entry outside its folder', async () => {
    const { manifest } = await import('./make-plugin.ts');
    const packageJson = {
      version: '1.0.0',
      license: 'MIT',
      sagitta: { ...manifest, entry: '../../x.ts' },
    };
    await expect(define(makePlugin({}, packageJson))).rejects.toMatchObject({
      code: 'PLUGIN_IMPORT_REFUSED',
    });
  });
});

describe('what a plugin hands back', () => {
  it.each([
    ['NaN', 'r.training.learningRate = NaN;', '"learningRate" is NaN'],
    ['infinity', 'r.training.clipNorm = Infinity;', '"clipNorm" is Infinity'],
    ['a function', 'r.metrics = [() => 1];', 'is a function'],
    ['a big integer', 'r.channels = 1n;', '"channels" is a bigint'],
    ['a circle', 'r.metrics = [r];', 'circular'],
    [
      'a getter that throws',
      "Object.defineProperty(r, 'channels', { enumerable: true, get() { throw new Error('trap'); } });",
      'trap',
    ],
    ['a proxy that throws', "r.metrics = new Proxy({}, { ownKeys() { throw new Error('trap'); } });", 'trap'],
  ])('refuses %s', async (_what, code, message) => {
    const error = await errorOf(changed(code));
    expect(error.code).toBe('PLUGIN_RESULT');
    expect(error.what).toContain(message);
  });

  it.each([
    ['nothing', 'undefined'],
    ['a function', '() => 1'],
  ])('refuses %s in place of a recipe', async (_what, value) => {
    const error = await errorOf({ 'define.ts': `export default () => (${value});` });
    expect(error.code).toBe('PLUGIN_RESULT');
  });

  it.each([
    ['a text', "'recipe'"],
    ['null', 'null'],
    ['a promise', 'Promise.resolve(1)'],
    ['a list', '[]'],
  ])('refuses %s in place of a recipe as invalid', async (_what, value) => {
    expect((await errorOf({ 'define.ts': `export default () => ${value};` })).code).toBe('RECIPE_INVALID');
  });

  it('checks what a tampered JSON hands back like anything else', async () => {
    const code = `JSON.stringify = () => '{"evil":true}';
Object.prototype.toJSON = function () { return { __proto__: null, evil: true }; };`;
    expect((await errorOf(inside(code))).code).toBe('RECIPE_INVALID');
  });

  it('lets nothing of a prototype through', async () => {
    const code = `r.plugin = JSON.parse('{"__proto__": {"polluted": 1}}');
r.graphs = JSON.parse(JSON.stringify(r.graphs).replace('"outputs":{', '"outputs":{"__proto__":0,'));`;
    await define(makePlugin(changed(code))).catch((error) => expect(error.code).toBe('RECIPE_INVALID'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('refuses unknown fields', async () => {
    expect((await errorOf(changed('r.shell = "rm";'))).what).toContain('shell');
  });

  it.each([
    ['an unknown op', "r.graphs.predict.nodes[0].op = 'shell';", 'RECIPE_INVALID', 'graphs.predict.nodes.0'],
    ['an op of the compiler', "r.graphs.predict.nodes[0].op = 'elementwise';", 'RECIPE_INVALID', 'nodes.0'],
    [
      'attributes of a wrong kind',
      "r.graphs.train.nodes.find((n) => n.op === 'conv').attributes.stride = ['1', 1, 1];",
      'RECIPE_INVALID',
      'attributes.stride.0',
    ],
    ['a node that uses a later one', 'r.graphs.train.nodes[5].inputs = [9];', 'GRAPH_', ''],
    [
      'shapes that do not follow',
      'r.graphs.predict.nodes.at(-1).shape = [1, 1, 1, 1, 1];',
      'GRAPH_ILLEGAL',
      '',
    ],
    [
      'a constant that holds too few values',
      "r.graphs.train.nodes.find((n) => n.op === 'constant').attributes = { values: [1, 2, 3] };",
      'RECIPE_INVALID',
      'as many values',
    ],
    [
      'a graph that is too large',
      "const last = r.graphs.predict.nodes.length - 1; for (let i = 0; i < 20000; i++) r.graphs.predict.nodes.push({ op: 'neg', inputs: [last], attributes: {}, shape: r.graphs.predict.nodes[last].shape, dtype: 'f32' });",
      'GRAPH_ILLEGAL',
      '20000',
    ],
    [
      'a tensor that is too large',
      "r.graphs.predict.nodes.push({ op: 'input', inputs: [], attributes: { name: 'x' }, shape: [65536, 65536], dtype: 'f32' });",
      'GRAPH_ILLEGAL',
      '65536',
    ],
  ])('refuses %s in a graph', async (_what, code, expected, message) => {
    const error = await errorOf(changed(code));
    expect(error.code.startsWith(expected), error.what).toBe(true);
    expect(error.what).toContain(message);
  });
});

describe('an honest mistake', () => {
  it.each([
    [
      'a patch of another size',
      'r.sampling.patchSize = [8, 8, 16];',
      'inputs.image: is f32 [2, 1, 8, 8, 8], but gets f32 [2, 1, 8, 8, 16]',
    ],
    ['a window of another size', 'r.inference.batchSize = 1;', 'graphs.predict.inputs.image'],
    [
      'an input that nothing gives',
      "r.graphs.train.nodes.push({ op: 'input', inputs: [], attributes: { name: 'grid' }, shape: [1], dtype: 'f32' });",
      'inputs.grid: nothing gives',
    ],
    ['no loss', 'r.graphs.train.outputs = {};', 'needs a loss'],
    ['a loss of many numbers', 'r.graphs.train.outputs.loss = 0;', 'needs a loss'],
    ['an output that is not there', "r.outputs[0].graphOutput = 'logits';", 'no output "logits"'],
    [
      'a weight that is never trained',
      "r.graphs.predict.nodes.find((n) => n.op === 'variable').attributes.name = 'other';",
      'graphs.predict.variables.other',
    ],
  ])('is told where recipe and graphs do not fit: %s', async (_what, code, message) => {
    const error = await errorOf(changed(code));
    expect(error.code).toBe('RECIPE_INVALID');
    expect(error.what).toContain(message);
  });

  it('names the plugin’s own line for an error it throws', async () => {
    const error = await errorOf({
      'define.ts': "import { fail } from './src/deep.ts';\nexport default () => fail();",
      'src/deep.ts':
        "export interface A { a: number }\n\nexport const fail = (): A => {\n  throw new RangeError('too far');\n};",
    });
    expect(error).toMatchObject({
      code: 'PLUGIN_THREW',
      what: 'The plugin failed with RangeError: too far',
    });
    expect(error.file).toMatch(/src\/deep\.ts:4$/);
  });

  it('keeps the SDK’s own code for shapes that do not fit, at the plugin’s line', async () => {
    const error = await errorOf({
      'define.ts': `import { add, makeGraph } from '@sagitta/sdk';
export default () => makeGraph('train', (scope) => {
  const a = scope.builder.input('a', [2, 3]);
  add(a, scope.builder.input('b', [4]));
});`,
    });
    expect(error.code).toBe('GRAPH_SHAPE_MISMATCH');
    expect(error.what).toContain('[2, 3] and [4]');
    expect(error.file).toMatch(/define\.ts:4$/);
  });

  it.each([
    ['of TypeScript', 'const a: = 1;\nexport default 1;'],
    ['of JavaScript', 'export default (;'],
    ['that types alone cannot show', 'enum A { a }\nexport default 1;'],
  ])('names the file for bad syntax %s', async (_what, code) => {
    const error = await errorOf({ 'define.ts': code });
    expect(error.code).toBe('PLUGIN_SYNTAX');
    expect(error.file).toMatch(/define\.ts/);
  });

  it.each([
    'export const a = 1;',
    'export default 5;',
  ])('asks for a function as default export: %s', async (code) => {
    expect((await errorOf({ 'define.ts': code })).code).toBe('PLUGIN_ENTRY');
  });

  it('refuses to wait', async () => {
    const code = 'await new Promise(() => {});\nexport default () => 1;';
    expect((await errorOf({ 'define.ts': code })).what).toContain('cannot await');
  });

  it('shows thrown values that are no errors', async () => {
    expect((await errorOf(inside("throw 'a word';"))).what).toContain('a word');
  });
});

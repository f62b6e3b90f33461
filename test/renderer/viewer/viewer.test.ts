/** @file The viewer alone in a real browser, with volumes made in the page: where things are drawn, layers, correction, time, layouts. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenHarness, openHarness } from './harness/open.ts';

let opened: OpenHarness;
let page: Page;

beforeAll(async () => {
  opened = await openHarness();
  ({ page } = opened);
});
afterAll(() => opened?.close());

beforeEach(() => page.evaluate(() => harness.open()));
afterEach(async () => {
  await page.evaluate(() => harness.close());
  const errors = await page.evaluate(() => harness.errors.splice(0));
  expect([...errors, ...opened.complaints.splice(0)]).toEqual([]);
});

/** Opens the anatomy stored as int16 in the usual order; `next` are further properties. */
async function showAnatomy(next: Partial<typeof harness.nothing> = {}): Promise<void> {
  await page.evaluate(
    (given) =>
      harness.give({
        image: harness.makeVolume({
          name: 'anatomy',
          frame: harness.frameOf('RAS'),
          dtype: 'int16',
          world: harness.anatomy,
        }),
        ...given,
      }),
    next,
  );
}

const letters = () =>
  page
    .locator('.viewer svg .letters')
    .allTextContents()
    .then((texts) => texts.map((text) => text.replace(/\s+/g, '')));

describe('one world on many grids', () => {
  let reference: number[][];

  it.each([
    'RAS',
    'LAS',
    'LPS',
    'RPS',
    'PIR',
    'SRA',
    'ILA',
    'ASL',
    'oblique',
    'oblique, mirrored',
  ])('stored as %s shows every blob in its place, brightness and slice', async (code) => {
    const { found, fields } = await page.evaluate(async (name) => {
      const frame = name.startsWith('oblique')
        ? harness.obliqueFrame(name.endsWith('mirrored'))
        : harness.frameOf(name);
      await harness.give({
        image: harness.makeVolume({ name, frame, dtype: 'int16', world: harness.anatomy }),
      });
      const found: Record<string, { grey: number[]; places: [number, number][] }> = {};
      for (const [blob, { centre }] of Object.entries(harness.blobs)) {
        const { colours, places } = await harness.lookAt(centre);
        found[blob] = { grey: colours.map(([red]) => Math.round(red)), places };
      }
      await harness.lookAt([0, 0, 0]);
      return { found, fields: harness.fields().slice(0, 3) };
    }, code);
    const values = { right: 400, left: 200, anterior: 600, posterior: 300, superior: 800, inferior: 500 };
    for (const [blob, value] of Object.entries(values))
      for (const grey of found[blob]!.grey) expect(Math.abs(grey - value * 0.255), blob).toBeLessThan(2);
    const at = (blob: string, pane: number) => found[blob]!.places[pane]!;
    expect(at('right', 0)[0]).toBeLessThan(at('left', 0)[0] - 60);
    expect(at('right', 2)[0]).toBeLessThan(at('left', 2)[0] - 60);
    expect(at('anterior', 0)[1]).toBeLessThan(at('posterior', 0)[1] - 60);
    expect(at('anterior', 1)[0]).toBeLessThan(at('posterior', 1)[0] - 60);
    expect(at('superior', 1)[1]).toBeLessThan(at('inferior', 1)[1] - 60);
    expect(at('superior', 2)[1]).toBeLessThan(at('inferior', 2)[1] - 60);
    expect(await letters()).toEqual(['RLAP', 'APSI', 'RLSI']);
    // An oblique grid has another extent, so another zoom.
    if (code.startsWith('oblique')) return;
    reference ??= fields;
    fields.forEach((picture, n) => {
      const worst = Math.max(...picture.map((value, field) => Math.abs(value - reference[n]![field]!)));
      expect(worst, ['axial', 'sagittal', 'coronal'][n]).toBeLessThan(3);
    });
  });

  it.each([
    'int8',
    'uint8',
    'uint16',
    'int32',
    'float32',
    'float64',
  ] as const)('is drawn from %s', async (dtype) => {
    const greys = await page.evaluate(async (type) => {
      const slope = type.endsWith('8') ? 8 : type.startsWith('float') ? 0.001 : 1;
      await harness.give({
        image: harness.makeVolume({
          name: type,
          frame: harness.frameOf('LPS'),
          dtype: type,
          world: harness.anatomy,
          slope,
          // Signed bytes reach down to −128: 0 is stored as −50 there.
          intercept: type === 'int8' ? 400 : 0,
        }),
      });
      const { colours } = await harness.lookAt([30, 0, 0]);
      return colours.map(([red]) => red);
    }, dtype);
    for (const grey of greys) expect(Math.abs(grey - 102)).toBeLessThan(2);
  });

  it('may have values that run downwards, and a window that is not a number', async () => {
    const greys = await page.evaluate(async () => {
      const volume = (name: string, window: readonly [number, number] | null, slope: number) =>
        harness.makeVolume({
          name,
          frame: harness.frameOf('RAS'),
          dtype: 'int16',
          world: harness.anatomy,
          slope,
          window,
        });
      await harness.give({ image: volume('down', [0, 1000], -1) });
      const down = await harness.lookAt([30, 0, 0]);
      await harness.give({ image: volume('unknown', [Number.NaN, Number.POSITIVE_INFINITY], 1) });
      const unknown = await harness.lookAt([30, 0, 0]);
      return [down.colours[0]![0], unknown.colours[0]![0]];
    });
    for (const grey of greys) expect(Math.abs(grey - 102)).toBeLessThan(2);
  });
});

describe('looking', () => {
  it('reads the voxel under the pointer at its place in the world', async () => {
    await showAnatomy();
    const places = await page.evaluate(async () => (await harness.lookAt([30, 5, 3])).places);
    const box = (await page.locator('.picture').first().boundingBox())!;
    await page.mouse.move(box.x + places[0]![0], box.y + places[0]![1]);
    const found = await page.evaluate(() => harness.readout!);
    // A pixel is less than half a millimetre.
    expect(Math.hypot(found.pointRas[0] - 30, found.pointRas[1] - 5, found.pointRas[2] - 3)).toBeLessThan(
      0.7,
    );
    expect(found.ijk).toEqual([39, 22, 15]);
    expect(found.value).toBe(400);
  });

  it('changes the window by command and by dragging', async () => {
    await showAnatomy();
    const [before, after] = await page.evaluate(async () => {
      const first = (await harness.lookAt([30, 0, 0])).colours[0]![0];
      harness.commands.setWindow([0, 500]);
      await harness.settled();
      return [first, harness.colourAt(0, harness.crosses()[0]!)[0]];
    });
    expect([Math.round(before!), Math.round(after!)]).toEqual([102, 204]);
    const box = (await page.locator('.picture').first().boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + 150);
    await page.mouse.up();
    const [low, high] = await page.evaluate(() => harness.status.window!);
    expect(high - low).toBeGreaterThan(600);
    expect((low + high) / 2).toBeGreaterThan(300);
  });

  it('shows what lies out of the plane in a slab', async () => {
    await showAnatomy();
    const [thin, thick, again] = await page.evaluate(async () => {
      const grey = async () => (await harness.lookAt([0, 0, 0])).colours[0]![0];
      const first = await grey();
      await harness.give({ slabMm: 70 });
      const second = await grey();
      await harness.give({ slabMm: 0 });
      return [first, second, await grey()];
    });
    expect(thin).toBeLessThan(40);
    expect(thick).toBeGreaterThan(190);
    expect(again).toBeLessThan(40);
  });

  it('walks slice by slice with keys and wheel, and stops at the end', async () => {
    await showAnatomy();
    const height = () => page.evaluate(() => harness.status.crosshairRas![2]);
    await page.locator('.picture').first().focus();
    const start = await height();
    await page.keyboard.press('ArrowDown');
    const below = await height();
    expect(Math.abs(below - start)).toBeCloseTo(3, 3);
    await page.keyboard.press('ArrowUp');
    expect(await height()).toBeCloseTo(start, 6);
    const box = (await page.locator('.picture').first().boundingBox())!;
    await page.mouse.move(box.x + 50, box.y + 50);
    await page.mouse.wheel(0, 100);
    await expect.poll(height).toBeCloseTo(below, 6);
    for (let n = 0; n < 40; n++) await page.keyboard.press('ArrowDown');
    expect(Math.abs(await height())).toBeCloseTo(42, 3);
  });

  it('walks on when the crosshair stands outside of the volume', async () => {
    await showAnatomy();
    await page.evaluate(() => harness.lookAt([0, 200, 0]));
    await page.locator('.picture').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(Math.abs(await page.evaluate(() => harness.status.crosshairRas![2]))).toBeCloseTo(3, 3);
  });

  it('begins on a slice, not between two', async () => {
    const found = await page.evaluate(async () => {
      const { rasFromIjk, dims } = harness.frameOf('RAS');
      await harness.give({
        image: harness.makeVolume({
          name: 'even',
          frame: { rasFromIjk, dims: [dims[0] - 1, dims[1] - 1, dims[2] - 1] },
          dtype: 'int16',
          world: harness.anatomy,
        }),
      });
      return harness.status.crosshairRas!;
    });
    for (const [axis, step] of [2, 2.5, 3].entries())
      expect(found[axis]! / step - Math.round(found[axis]! / step)).toBeCloseTo(0, 6);
  });

  it('takes every layout and every size', async () => {
    await showAnatomy();
    for (const layout of ['axial', 'sagittal', 'coronal', 'volume', 'compare', 'four'] as const) {
      const brightest = await page.evaluate(async (next) => {
        await harness.give({ layout: next });
        return harness.fields().map((picture) => Math.max(...picture));
      }, layout);
      expect(brightest).toHaveLength(layout === 'four' ? 4 : 1);
      for (const value of brightest) expect(value, layout).toBeGreaterThan(20);
    }
    const sizes = await page.evaluate(async () => {
      harness.root.style.width = '400px';
      await harness.settled();
      await harness.settled();
      const { colours } = await harness.lookAt([30, 0, 0]);
      const canvas = harness.root.querySelector('canvas')!;
      const found = [colours[0]![0], canvas.width, canvas.clientWidth, canvas.parentElement!.clientWidth];
      harness.root.style.width = '';
      await harness.settled();
      return found;
    });
    expect(Math.round(sizes[0]!)).toBe(102);
    expect(sizes.slice(1, 3)).toEqual([sizes[3], sizes[3]]);
  });

  it('gives a picture of the screen', async () => {
    await showAnatomy();
    const [width, height, bytes] = await page.evaluate(async () => {
      const blob = await harness.commands.snapshot();
      const picture = await createImageBitmap(blob);
      return [picture.width, picture.height, blob.size];
    });
    expect([width, height]).toEqual([640, 480]);
    expect(bytes).toBeGreaterThan(5000);
  });
});

describe('images one after another', () => {
  it('shows the newest when an older one arrives late', async () => {
    const grey = await page.evaluate(async () => {
      const { promise: gate, resolve: release } = Promise.withResolvers<void>();
      const volume = (name: string, factor: number, before: () => Promise<void>) =>
        harness.makeVolume({
          name,
          frame: harness.frameOf('RAS'),
          dtype: 'int16',
          world: (point) => factor * harness.anatomy(point),
          before,
        });
      harness.properties.image = volume('late', 0.5, () => gate);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      harness.properties.image = volume('newest', 2, () => Promise.resolve());
      await new Promise((resolve) => requestAnimationFrame(resolve));
      release();
      await harness.settled();
      return (await harness.lookAt([30, 0, 0])).colours[0]![0];
    });
    expect(Math.round(grey)).toBe(204);
  });

  it('does not show the layers of the image before over the next one', async () => {
    const red = await page.evaluate(async () => {
      const { promise: gate, resolve: release } = Promise.withResolvers<void>();
      const frame = harness.frameOf('RAS');
      const image = () =>
        harness.makeVolume({ name: 'image', frame, dtype: 'int16', world: harness.anatomy });
      const layer = (name: string, before: () => Promise<void>) => ({
        volume: harness.makeVolume({ name, frame, dtype: 'uint8', world: () => 1, before }),
        label: name,
        kind: 'labels' as const,
        unit: '',
        range: [0, 1] as const,
        colourMap: 'grey',
        classes: [{ value: 1, name: 'one', colour: '#ff0000' }],
        opacity: 1,
        threshold: null,
        isVisible: true,
        style: 'fill' as const,
      });
      await harness.give({ image: image(), overlays: [layer('first', () => Promise.resolve())] });
      const isRed = (r: number, g: number) => r > 150 && g < 50;
      const before = harness.count(0, isRed);
      await harness.give({ image: image(), overlays: [layer('second', () => gate)] });
      const between = harness.count(0, isRed);
      release();
      await harness.settled();
      await harness.settled();
      return [before, between, harness.count(0, isRed)];
    });
    expect(red[0]).toBeGreaterThan(1000);
    expect(red[1]).toBe(0);
    expect(red[2]).toBe(red[0]);
  });

  it('takes away the picture when there is none any more', async () => {
    await showAnatomy();
    const brightest = await page.evaluate(async () => {
      await harness.give({ image: null });
      return harness.fields().map((picture) => Math.max(...picture));
    });
    for (const value of brightest) expect(value).toBeLessThan(20);
  });
});

describe('an image over time', () => {
  /** The right blob grows brighter: 100, 200, 300, 400. */
  async function showFilm(): Promise<void> {
    await page.evaluate(() =>
      harness.give({
        image: harness.makeVolume({
          name: 'film',
          frame: harness.frameOf('RAS'),
          dtype: 'int16',
          timePoints: 4,
          world: (point, timePoint) =>
            harness.distance(point, harness.blobs.right.centre) < 9 ? 100 * (timePoint + 1) : 0,
          // The second time point comes when it is let go.
          before: (timePoint) => (timePoint === 1 ? harness.gate.promise : Promise.resolve()),
        }),
      }),
    );
  }
  const grey = () => page.evaluate(async () => Math.round((await harness.lookAt([30, 0, 0])).colours[0]![0]));

  it('shows the time point of the slider', async () => {
    await showFilm();
    expect(await grey()).toBe(25);
    await page.getByLabel('Time point').fill('2');
    await expect.poll(grey).toBe(77);
    expect(await page.evaluate(() => harness.status.timePoint)).toBe(2);
  });

  it('shows the last that was asked for, whichever comes first', async () => {
    await showFilm();
    await page.evaluate(async () => {
      harness.commands.setTimePoint(1);
      harness.commands.setTimePoint(3);
      await harness.settled();
      harness.gate.resolve();
      await harness.settled();
    });
    expect(await grey()).toBe(102);
    expect(await page.evaluate(() => harness.status.timePoint)).toBe(3);
  });

  it('starts anew with the next image', async () => {
    await showFilm();
    await page.getByLabel('Time point').fill('2');
    await expect.poll(grey).toBe(77);
    await page.evaluate(() =>
      harness.give({
        image: harness.makeVolume({
          name: 'other film',
          frame: harness.frameOf('LPS'),
          dtype: 'int16',
          timePoints: 4,
          world: () => 800,
        }),
      }),
    );
    await page.evaluate(async () => {
      harness.commands.setTimePoint(3);
      await harness.settled();
    });
    await expect.poll(grey).toBe(204);
  });

  it('plays', async () => {
    await showFilm();
    await page.evaluate(() => harness.gate.resolve());
    await page.getByRole('button', { name: /Play/ }).click();
    await expect.poll(() => page.evaluate(() => harness.status.timePoint)).toBeGreaterThan(1);
    await page.getByRole('button', { name: /Stop/ }).click();
    expect(await page.evaluate(() => harness.status.isPlaying)).toBe(false);
  });
});

it('closes and opens again and again without complaint, and gives the memory back', async () => {
  const sizes = await page.evaluate(async () => {
    const found: number[] = [];
    for (let n = 0; n < 4; n++) {
      await harness.give({
        image: harness.makeVolume({
          name: 'anatomy',
          frame: harness.frameOf('RAS'),
          dtype: 'int16',
          world: harness.anatomy,
        }),
      });
      found.push(harness.cacheBytes());
      await harness.close();
      found.push(harness.cacheBytes());
      harness.open();
    }
    return found;
  });
  expect(sizes.filter((_, n) => n % 2 === 1)).toEqual([0, 0, 0, 0]);
  expect(sizes[0]).toBeGreaterThan(0);
  expect(sizes.filter((_, n) => n % 2 === 0)).toEqual([sizes[0], sizes[0], sizes[0], sizes[0]]);
});

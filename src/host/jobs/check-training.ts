/** @file The check list beside the training form: what is there, what is worth a look, what is missing before it can begin. */
import { totalmem } from 'node:os';
import { errorReport, UserError } from '../../base/errors.ts';
import { builtDevices } from '../../contract/jobs.ts';
import type { ImageEntry, Library, LibrarySubject } from '../../contract/library.ts';
import type { Plugin, PluginList } from '../../contract/plugins.ts';
import type { Check, TrainRequest } from '../../contract/queue.ts';
import { referenceRater } from '../../dataset/subject.ts';
import { resolveSettings } from '../../recipe/settings.ts';
import { commonImageNames, datasetList } from '../library/dataset-list.ts';
import type { LibraryService } from '../services.ts';

interface CheckContext {
  readonly library: LibraryService;
  readonly listPlugins: () => Promise<PluginList>;
}

/** Training can begin when none is `missing`. Looks at headers and settings only, so it may be asked at each key stroke. */
export async function checkTraining(
  request: TrainRequest,
  { library, listPlugins }: CheckContext,
): Promise<Check[]> {
  const [content, { plugins, broken }] = await Promise.all([library.list(), listPlugins()]);
  const plugin = plugins.find(({ manifest }) => manifest.id === request.plugin);
  return [
    pluginCheck(request.plugin, plugin, broken),
    ...(plugin === undefined ? [] : settingChecks(request, plugin)),
    ...dataChecks(request, content),
    deviceCheck(request.device),
  ];
}

function pluginCheck(id: string, plugin: Plugin | undefined, broken: PluginList['broken']): Check {
  if (plugin === undefined) {
    const fault = broken.find(({ folder }) => folder.endsWith(id))?.error;
    const text = fault === undefined ? `There is no plugin "${id}".` : fault.message;
    return { id: 'plugin', state: 'missing', text, hint: fault?.hint ?? 'Choose another method.' };
  }
  const { name } = plugin.manifest;
  if (!plugin.isEnabled) {
    const hint = 'Switch it on under Plugins, or choose another one.';
    return { id: 'plugin', state: 'missing', text: `The plugin "${name}" is switched off.`, hint };
  }
  return { id: 'plugin', state: 'good', text: `${name} ${plugin.version} is ready.` };
}

/** One check a faulty setting (`setting.<name>`), so that each can stand beside its field. */
function settingChecks({ preset, settings }: TrainRequest, { manifest }: Plugin): Check[] {
  const chosen = Object.hasOwn(manifest.presets, preset) ? manifest.presets[preset] : undefined;
  if (chosen === undefined) {
    const hint = `Choose one of ${Object.keys(manifest.presets).join(', ')}.`;
    return [{ id: 'preset', state: 'missing', text: `There is no preset "${preset}".`, hint }];
  }
  const faults = Object.entries(settings).flatMap(([name, value]): Check[] => {
    try {
      resolveSettings(manifest.settings, { [name]: value });
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [faultOf(`setting.${name}`, error)];
    }
  });
  return [...faults, { id: 'time', state: 'good', text: `${chosen.label}: ${chosen.help}` }];
}

/** What a UserError says, as a check that keeps training from beginning. */
function faultOf(id: string, error: UserError): Check {
  const { message, hint } = errorReport(error);
  return { id, state: 'missing', text: message, ...(hint !== undefined && { hint }) };
}

function dataChecks(request: TrainRequest, library: Library): Check[] {
  const chosen = library.subjects.filter(({ name }) => request.subjects?.includes(name) ?? true);
  try {
    const list = datasetList(library, request.subjects, 'runs/any');
    const used = chosen.filter(({ name }) => list.subjects.some(({ id }) => id === name));
    const usable = used.filter((subject) => gridProblem(subject, list.channels) === undefined);
    return [
      subjectCheck(usable.length, chosen.length),
      ...gridChecks(used, list.channels),
      ...channelChecks(used, list.channels),
      ...seriesChecks(used, list.channels),
      ...raterChecks(list.subjects.map(({ labels }) => Object.keys(labels))),
      labelNameCheck(library.labelNames),
      memoryCheck(usable, list.channels),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [faultOf('subjects', error)];
  }
}

/** Below that, one held-back subject says little. */
const enough = 4;

function subjectCheck(usable: number, chosen: number): Check {
  const of = usable === chosen ? '' : ` of ${chosen}`;
  const text = `${usable}${of} ${chosen === 1 ? 'subject' : 'subjects'} with image and label map.`;
  if (usable >= enough) return { id: 'subjects', state: 'good', text };
  if (usable === 0) {
    const hint = 'Draw or import label maps on the grid of their images first.';
    return { id: 'subjects', state: 'missing', text, hint };
  }
  const hint =
    usable === 1
      ? 'With one, none can be held back: there will be no validation. A dozen gives a usable model.'
      : 'One is held back for validation. A dozen gives a usable model.';
  return { id: 'subjects', state: 'warning', text, hint };
}

const imagesOf = (subject: LibrarySubject, channels: readonly string[]) =>
  subject.images.filter(({ name }) => channels.includes(name));

/** Dims or spacing that keep a subject out of training; by headers, so a shifted origin shows only when it is read. */
function gridProblem(subject: LibrarySubject, channels: readonly string[]): string | undefined {
  const images = imagesOf(subject, channels);
  const first = images[0]!;
  const others = images.flatMap((image): readonly Pick<ImageEntry, 'dims' | 'spacingMm'>[] => [
    image,
    ...image.labels,
  ]);
  const odd = others.find((other) => !isAlike(first, other));
  return odd && `${odd.dims.join(' × ')} voxels beside ${first.dims.join(' × ')}`;
}

type Extent = Pick<ImageEntry, 'dims' | 'spacingMm'>;

function isAlike(a: Extent, b: Extent): boolean {
  const sameSize = a.dims.join() === b.dims.join();
  return sameSize && a.spacingMm.every((mm, axis) => Math.abs(mm - b.spacingMm[axis]!) <= mm / 20);
}

function gridChecks(subjects: readonly LibrarySubject[], channels: readonly string[]): Check[] {
  const odd = subjects.filter((subject) => gridProblem(subject, channels) !== undefined);
  if (odd.length === 0)
    return [{ id: 'grids', state: 'good', text: 'Images and label maps have the same voxels.' }];
  const text = `${listed(odd.map(({ name }) => name))}: images and label maps have different voxels (${gridProblem(odd[0]!, channels)}); left out.`;
  return [
    { id: 'grids', state: 'warning', text, hint: 'Resample them onto one grid, and import them again.' },
  ];
}

function channelChecks(subjects: readonly LibrarySubject[], channels: readonly string[]): Check[] {
  const names = channels.length === 1 ? `Image: ${channels[0]}.` : `Channels: ${channels.join(', ')}.`;
  const left = [...new Set(subjects.flatMap(({ images }) => images.map(({ name }) => name)))].filter(
    (name) => !commonImageNames(subjects).includes(name),
  );
  if (left.length === 0) return [{ id: 'channels', state: 'good', text: names }];
  const text = `${names} Not every subject has ${listed(left)}; left out.`;
  return [
    {
      id: 'channels',
      state: 'warning',
      text,
      hint: 'Choose only subjects that have it, to learn from it too.',
    },
  ];
}

function seriesChecks(subjects: readonly LibrarySubject[], channels: readonly string[]): Check[] {
  const series = subjects.filter((subject) =>
    imagesOf(subject, channels).some(({ timePoints }) => timePoints > 1),
  );
  if (series.length === 0) return [];
  const text = `${listed(series.map(({ name }) => name))}: of several time points, the first is used.`;
  return [{ id: 'series', state: 'warning', text }];
}

function raterChecks(ratersBySubject: readonly (readonly string[])[]): Check[] {
  const raters = [...new Set(ratersBySubject.flat())].sort();
  if (raters.length < 2) return [];
  const withReference = ratersBySubject.every((names) => names.includes(referenceRater));
  const use = withReference
    ? `only "${referenceRater}" is learnt from`
    : `each patch takes one of them by chance where there is no "${referenceRater}"`;
  return [{ id: 'raters', state: 'good', text: `Label maps by ${listed(raters)}: ${use}.` }];
}

function labelNameCheck(names: Library['labelNames']): Check {
  const entries = Object.entries(names);
  if (entries.length === 0) {
    const hint = 'Name them on the Data page, so that results can be read.';
    return { id: 'labelNames', state: 'warning', text: 'Label values have no names.', hint };
  }
  const text = `Labels: ${listed(entries.map(([value, name]) => `${value} ${name}`))}.`;
  return { id: 'labelNames', state: 'good', text };
}

const bytesPerVoxel = { channel: 4, label: 1 };

/** Prepared volumes stay in memory while training; the network comes on top. */
function memoryCheck(subjects: readonly LibrarySubject[], channels: readonly string[]): Check {
  const bytes = subjects.reduce((sum, subject) => {
    const images = imagesOf(subject, channels);
    const voxels = (images[0]?.dims ?? [0, 0, 0]).reduce((product, size) => product * size, 1);
    const labels = images.reduce((count, { labels }) => count + labels.length, 0);
    return sum + voxels * (images.length * bytesPerVoxel.channel + labels * bytesPerVoxel.label);
  }, 0);
  const text = `Volumes take about ${inGib(bytes)} of ${inGib(totalmem())} of memory, besides the network.`;
  if (bytes < totalmem() / 2) return { id: 'memory', state: 'good', text };
  return {
    id: 'memory',
    state: 'warning',
    text,
    hint: 'Choose fewer subjects, or a machine with more memory.',
  };
}

function inGib(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib < 0.1 ? `${Math.max(1, Math.round(bytes / 2 ** 20))} MiB` : `${gib.toFixed(1)} GiB`;
}

function deviceCheck(device: string): Check {
  if (builtDevices.includes(device))
    return {
      id: 'device',
      state: 'good',
      text: device === 'auto' ? 'Device: the best there is.' : `Device: ${device}.`,
    };
  const hint = `Choose ${builtDevices.join(' or ')}.`;
  return { id: 'device', state: 'missing', text: `This build has no executor for "${device}".`, hint };
}

/** "a, b and 3 more". */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

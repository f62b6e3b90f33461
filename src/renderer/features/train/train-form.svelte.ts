/** @file What the person is about to train: plugin, preset, edits, subjects, and the host's check list for it. Stays while other pages are looked at. */
import type { ErrorReport } from '../../../base/errors.ts';
import { nameSchema } from '../../../contract/ids.ts';
import type { Library } from '../../../contract/library.ts';
import type { Plugin } from '../../../contract/plugins.ts';
import type { Check, TrainRequest } from '../../../contract/queue.ts';
import type { RunSummary } from '../../../contract/runs.ts';
import { sampleTraining } from '../../../contract/sample.ts';
import type { SettingValue } from '../../../contract/settings.ts';
import { host } from '../../client/client.ts';
import { isAbort, reportOf } from '../../client/errors.ts';
import { jobsState } from '../../state/jobs.svelte.ts';
import { libraryState } from '../../state/library.svelte.ts';
import { attempt } from '../../state/messages.svelte.ts';
import { pluginsState } from '../../state/plugins.svelte.ts';
import { changedSettings, type Edits, editsOf, formFields, readSeed } from './form-model.ts';
import { isSampleStudy } from './sample-study.ts';

const firstSeed = '1';

class TrainForm {
  /** Whose form this is. */
  #project: string | null = null;
  #plugin = $state<string | null>(null);
  #preset = $state<string | null>(null);
  edits = $state.raw<Edits>({});
  name = $state('');
  seed = $state(firstSeed);
  /** Null for what the preferences say. */
  #device = $state<string | null>(null);
  usesAll = $state(true);
  chosen = $state.raw<ReadonlySet<string>>(new Set());

  checks = $state.raw<readonly Check[] | null>(null);
  checkError = $state.raw<ErrorReport | null>(null);
  isChecking = $state(false);
  isStarting = $state(false);

  /** The chosen plugin, or the first that can be used. */
  readonly plugin: Plugin | undefined = $derived.by(() => {
    const usable = pluginsState.current.plugins.filter(({ isEnabled }) => isEnabled);
    return usable.find(({ manifest }) => manifest.id === this.#plugin) ?? usable[0];
  });
  readonly preset: string = $derived.by(() => {
    const manifest = this.plugin?.manifest;
    if (manifest === undefined) return '';
    return this.#preset !== null && Object.hasOwn(manifest.presets, this.#preset)
      ? this.#preset
      : manifest.defaultPreset;
  });
  readonly fields = $derived(
    this.plugin === undefined ? [] : formFields(this.plugin.manifest, this.preset, this.edits),
  );
  readonly changedCount: number = $derived(this.fields.filter(({ isChanged }) => isChanged).length);
  readonly device: string = $derived(this.#device ?? pluginsState.preferences.device);
  readonly labelled: readonly string[] = $derived(
    libraryState.current.subjects
      .filter(({ images }) => images.some(({ labels }) => labels.length > 0))
      .map(({ name }) => name),
  );
  readonly subjects: readonly string[] = $derived(
    this.usesAll ? this.labelled : this.labelled.filter((name) => this.chosen.has(name)),
  );
  readonly seedError: string | undefined = $derived(
    readSeed(this.seed) === null ? 'A seed is a whole number from 0 to 4294967295.' : undefined,
  );
  readonly nameError: string | undefined = $derived.by(() => {
    const name = this.name.trim();
    const parsed = nameSchema.safeParse(name);
    if (name === '' || parsed.success) return undefined;
    return `The name cannot be used: ${parsed.error.issues[0]?.message}.`;
  });
  readonly wrongCount: number = $derived(
    this.fields.filter(({ error }) => error !== null).length +
      Number(this.seedError !== undefined) +
      Number(this.nameError !== undefined),
  );
  /** Null while the form cannot be sent. */
  readonly request: TrainRequest | null = $derived.by(() => {
    const seed = readSeed(this.seed);
    if (this.plugin === undefined || this.wrongCount > 0 || seed === null) return null;
    return {
      ...(this.name.trim() !== '' && { name: this.name.trim() }),
      plugin: this.plugin.manifest.id,
      preset: this.preset,
      settings: changedSettings(this.fields),
      seed,
      device: this.device,
      ...(!this.usesAll && { subjects: [...this.subjects] }),
    };
  });
  /** Why the button does not work; null when it does. */
  readonly obstacle: string | null = $derived.by(() => {
    if (this.plugin === undefined) return 'There is no plugin to train with.';
    if (this.wrongCount > 0)
      return this.wrongCount === 1
        ? 'One field needs correcting.'
        : `${this.wrongCount} fields need correcting.`;
    if (!this.usesAll && this.subjects.length === 0) return 'No subject is chosen.';
    if (this.checkError !== null) return 'The check could not be made.';
    if (this.checks === null) return 'Checking …';
    const missing = this.checks.filter(({ state }) => state === 'missing').length;
    if (missing > 0) return missing === 1 ? 'One thing is missing.' : `${missing} things are missing.`;
    return null;
  });

  /** Empties the form when another project is open; for the sample study, fills in its first training. */
  beginProject(id: string, library: Library): void {
    if (id === this.#project) return;
    this.#project = id;
    this.resetAll();
    this.#plugin = this.#preset = this.#device = null;
    this.name = '';
    this.seed = firstSeed;
    this.usesAll = true;
    this.chosen = new Set();
    this.checks = null;
    if (!isSampleStudy(library)) return;
    const { name = '', plugin, preset, settings, seed, device } = sampleTraining;
    this.#plugin = plugin;
    this.#preset = preset;
    this.#device = device;
    this.edits = settings;
    this.name = name;
    this.seed = String(seed);
  }

  choosePlugin(id: string): void {
    if (id === this.plugin?.manifest.id) return;
    this.#plugin = id;
    this.#preset = null;
    this.edits = {};
  }

  choosePreset(preset: string): void {
    this.#preset = preset;
  }

  chooseDevice(device: string): void {
    this.#device = device;
  }

  edit(name: string, value: SettingValue): void {
    this.edits = { ...this.edits, [name]: value };
  }

  reset(name: string): void {
    const { [name]: _, ...rest } = this.edits;
    this.edits = rest;
  }

  resetAll(): void {
    this.edits = {};
  }

  toggleSubject(name: string, isChosen: boolean): void {
    const next = new Set(this.chosen);
    if (isChosen) next.add(name);
    else next.delete(name);
    this.chosen = next;
  }

  useAll(all: boolean): void {
    // Choosing begins with everything, for most people leave out a few.
    if (!all && this.chosen.size === 0) this.chosen = new Set(this.labelled);
    this.usesAll = all;
  }

  /** The run's settings in the form, to be changed. False when its plugin cannot be used here. */
  fillFrom(run: RunSummary): boolean {
    const plugin = pluginsState.current.plugins.find(({ manifest }) => manifest.id === run.plugin.id);
    if (plugin === undefined || !plugin.isEnabled) return false;
    const { manifest } = plugin;
    const preset =
      run.preset !== null && Object.hasOwn(manifest.presets, run.preset)
        ? run.preset
        : manifest.defaultPreset;
    this.#plugin = manifest.id;
    this.#preset = preset;
    this.edits = editsOf(manifest, preset, run.settings);
    this.seed = String(run.seed);
    this.name = '';
    const used = new Set([...run.trainingSubjects, ...run.validationSubjects]);
    this.usesAll = used.size === 0 || this.labelled.every((name) => used.has(name));
    this.chosen = used;
    return true;
  }

  /** Asks the host what is missing. An answer that comes after the form has changed again is dropped. */
  async check(request: TrainRequest, signal: AbortSignal): Promise<void> {
    this.isChecking = true;
    try {
      const checks = await host.queue.checkTraining(request, { signal });
      if (signal.aborted) return;
      this.checks = checks;
      this.checkError = null;
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown)) return;
      this.checks = null;
      this.checkError = reportOf(thrown);
    } finally {
      if (!signal.aborted) this.isChecking = false;
    }
  }

  /** The job that now waits or runs; undefined when nothing was started. */
  async start() {
    if (this.request === null || this.obstacle !== null || this.isStarting) return undefined;
    const request = this.request;
    this.isStarting = true;
    const job = await attempt(() => host.queue.train(request));
    this.isStarting = false;
    if (job === undefined) return undefined;
    jobsState.put(job);
    this.name = '';
    return job;
  }
}

export const trainForm = new TrainForm();

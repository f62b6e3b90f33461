/**
 * @file The correction of a label map: where it starts from, with what one paints, whether it is saved. What was painted is in the
 * viewer until it is saved or kept as a draft; nothing of it is let go without a word from the person.
 */
import type { ErrorReport } from '../../../base/errors.ts';
import type { VolumeId } from '../../../contract/ids.ts';
import { saveLabel } from '../../client/binary.ts';
import { isAbort, reportOf } from '../../client/errors.ts';
import { libraryState } from '../../state/library.svelte.ts';
import { messages } from '../../state/messages.svelte.ts';
import { projectState } from '../../state/project.svelte.ts';
import { openVolume } from '../../viewer/host-volume.ts';
import type { Brush, EditTarget, LabelClass, ViewerVolume } from '../../viewer/types.ts';
import { decodeRuns, encodeRuns } from './draft-codec.ts';
import { type Draft, dropDraft, findDraft, keepDraft } from './draft-store.ts';
import { withNewClass } from './overlay-stack.ts';
import { viewerPanel } from './viewer-panel.svelte.ts';

export type EditTool = 'brush' | 'eraser' | 'thresholdBrush';

/** What a correction starts from; null for an empty label map. */
export interface EditSource {
  readonly id: VolumeId | null;
  /** For people: "Segmentation", "Labels by anna", "Empty". */
  readonly label: string;
}

const draftDelayMs = 1500;
class EditSession {
  image = $state<VolumeId | null>(null);
  source = $state.raw<EditSource | null>(null);
  target = $state.raw<EditTarget | null>(null);
  tool = $state<EditTool | null>(null);
  diameterMm = $state(5);
  range = $state.raw<readonly [number, number]>([0, 1]);
  isOpening = $state(false);
  isSaving = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  /** Found for the image that is looked at, from before a reload or a crash, or left on purpose. */
  draft = $state.raw<Draft | null>(null);
  /** Set while the person is asked what becomes of unsaved work; called when it may be left. */
  asking = $state.raw<(() => void) | null>(null);
  /** Work that the viewer takes for saved: it came from a draft, or saving it failed. */
  #isOwed = $state(false);
  /** Kept, because a project may be closed while one corrects. */
  #project: string | undefined;
  #number = 0;
  /** The image that the threshold brush's range was set for. */
  #rangeOf: VolumeId | undefined;
  #opening: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly isOn: boolean = $derived(this.target !== null);
  readonly hasUnsaved: boolean = $derived(
    this.target !== null && (this.#isOwed || (viewerPanel.status?.hasUnsavedEdit ?? false)),
  );
  readonly brush: Brush = $derived({
    diameterMm: this.diameterMm,
    range: this.tool === 'thresholdBrush' ? this.range : null,
  });

  /** Looks for a draft of the image that is shown now. */
  async look(image: VolumeId | null): Promise<void> {
    this.draft = null;
    const project = projectState.project?.id;
    this.#project = project;
    if (image === null || project === undefined) return;
    try {
      const draft = await findDraft(project, image);
      if (draft !== undefined && this.image === null) this.draft = draft;
    } catch (error) {
      messages.fail(error);
    }
  }

  async start(image: VolumeId, source: EditSource, classes: readonly LabelClass[]): Promise<void> {
    await this.#begin(image, source, async (signal) => ({
      volume: source.id === null ? null : await openVolume(source.id, signal),
      classes,
      activeValue: classes[0]?.value ?? 1,
    }));
  }

  /** Goes on with the draft that was found. */
  async resume(draft: Draft): Promise<void> {
    await this.#begin(draft.image, { id: draft.sourceId, label: draft.sourceLabel }, async (signal) => {
      const grid = await openVolume(draft.image, signal);
      const voxels = decodeRuns(draft.runs, grid.dims[0] * grid.dims[1] * grid.dims[2]);
      if (voxels === null)
        throw new Error('The draft was drawn on an image of another size, so it cannot be shown.');
      return { volume: labelsOn(grid, voxels), classes: draft.classes, activeValue: draft.activeValue };
    });
    if (this.target === null) return;
    this.#isOwed = true;
    this.draft = null;
  }

  async #begin(
    image: VolumeId,
    source: EditSource,
    open: (
      signal: AbortSignal,
    ) => Promise<{ volume: ViewerVolume | null; classes: readonly LabelClass[]; activeValue: number }>,
  ): Promise<void> {
    this.#opening?.abort();
    const abort = new AbortController();
    this.#opening = abort;
    this.isOpening = true;
    this.error = null;
    try {
      const { volume, classes, activeValue } = await open(abort.signal);
      if (abort.signal.aborted) return;
      if (image !== this.#rangeOf) this.range = brightHalf(viewerPanel);
      this.#rangeOf = image;
      this.image = image;
      this.source = source;
      this.#isOwed = false;
      this.target = { id: `edit-${++this.#number}`, source: volume, classes, activeValue };
      this.tool = 'brush';
    } catch (error) {
      if (!isAbort(error)) this.error = reportOf(error);
    } finally {
      if (this.#opening === abort) this.isOpening = false;
    }
  }

  paint(activeValue: number): void {
    if (this.target) this.target = { ...this.target, activeValue };
  }

  addClass(): void {
    const { target } = this;
    if (target === null) return;
    const classes = withNewClass(target.classes);
    const added = classes.find((one) => !target.classes.includes(one));
    this.target = { ...target, classes, activeValue: added?.value ?? target.activeValue };
  }

  /** A stroke may have been drawn: a draft is kept when it was the last for a moment. */
  touch(): void {
    if (this.target === null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), draftDelayMs);
  }

  /** Keeps a draft now, when there is something unsaved. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    const project = this.#project;
    const { target, image, source } = this;
    const volume = image === null ? undefined : libraryState.imageById.get(image);
    if (!project || !target || !image || !volume || !viewerPanel.commands) return;
    // Everything was undone, or saved.
    if (!this.hasUnsaved) return this.#dropDraft(image);
    try {
      await keepDraft({
        project,
        image,
        sourceId: source?.id ?? null,
        sourceLabel: source?.label ?? '',
        classes: target.classes.map(({ value, name, colour }) => ({ value, name, colour })),
        activeValue: target.activeValue,
        dims: volume.dims,
        runs: encodeRuns(viewerPanel.commands.readEdit()),
        keptAt: new Date().toISOString(),
      });
    } catch (error) {
      messages.fail(error);
    }
  }

  /** As the rater's label map. True when it is in the library. */
  async save(rater: string): Promise<boolean> {
    const { image } = this;
    if (image === null || !viewerPanel.commands || this.isSaving) return false;
    clearTimeout(this.#timer);
    this.isSaving = true;
    this.error = null;
    // Taken before it is sent: strokes that are drawn meanwhile are unsaved ones again.
    const voxels = viewerPanel.commands.takeEdit();
    try {
      const change = await saveLabel({ image, rater, voxels });
      this.#isOwed = false;
      await this.#dropDraft(image);
      libraryState.tellWithUndo(change);
      return true;
    } catch (error) {
      this.#isOwed = true;
      this.error = reportOf(error);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  /** Ends without saving. `keepsDraft` leaves what is unsaved for another day. */
  async stop({ keepsDraft }: { keepsDraft: boolean }): Promise<void> {
    const { image } = this;
    if (this.target === null) return;
    if (keepsDraft) await this.keep();
    else if (image !== null) await this.#dropDraft(image);
    this.#opening?.abort();
    clearTimeout(this.#timer);
    this.image = null;
    this.source = null;
    this.target = null;
    this.tool = null;
    this.error = null;
    this.isOpening = false;
    this.#isOwed = false;
    if (keepsDraft) await this.look(image);
  }

  async discardDraft(): Promise<void> {
    const { draft } = this;
    this.draft = null;
    if (draft) await this.#dropDraft(draft.image);
  }

  /** Does it at once when nothing is unsaved; else the person is asked first. True when asked. */
  guard(go: () => void): boolean {
    if (!this.hasUnsaved) return false;
    this.asking = go;
    return true;
  }

  async #dropDraft(image: VolumeId): Promise<void> {
    const project = this.#project;
    if (project === undefined) return;
    try {
      await dropDraft(project, image);
    } catch (error) {
      messages.fail(error);
    }
  }
}

/** What a threshold brush begins with: from the middle of the window to the highest value. */
function brightHalf({ status, volume }: typeof viewerPanel): readonly [number, number] {
  const [low, high] = status?.window ?? volume?.window ?? volume?.range ?? [0, 1];
  return [(low + high) / 2, Math.max(high, volume?.range?.[1] ?? high)];
}

/** A label map of this page as a volume, on the grid of `grid`. */
function labelsOn(grid: ViewerVolume, voxels: Uint8Array): ViewerVolume {
  return {
    ...grid,
    id: `draft:${grid.id}`,
    name: 'Draft',
    slope: 1,
    intercept: 0,
    timePoints: 1,
    timeStepS: 0,
    components: 1,
    unit: '',
    window: null,
    range: null,
    loadVoxels: async () => voxels.slice(),
  };
}

export const editSession = new EditSession();

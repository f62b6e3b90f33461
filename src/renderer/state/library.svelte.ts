/** @file Subjects, images and labels of the open project. Changes go to the host; the list comes back by event. */
import type { VolumeId } from '../../contract/ids.ts';
import type { Change, ImageEntry, LabelEntry, Library } from '../../contract/library.ts';
import { host } from '../client/client.ts';
import { attempt, messages } from './messages.svelte.ts';

const empty: Library = { revision: -1, subjects: [], labelNames: {} };

class LibraryState {
  current = $state.raw<Library>(empty);
  readonly images: readonly ImageEntry[] = $derived(
    this.current.subjects.flatMap((subject) => subject.images),
  );
  readonly imageById: ReadonlyMap<string, ImageEntry> = $derived(
    new Map(this.images.map((image) => [image.id, image])),
  );

  async refresh(): Promise<void> {
    this.current = await host.library.list();
  }

  clear(): void {
    this.current = empty;
  }

  labelsOf(image: VolumeId): readonly LabelEntry[] {
    return this.imageById.get(image)?.labels ?? [];
  }

  subjectOf(image: VolumeId): string | undefined {
    return this.current.subjects.find((subject) => subject.images.some(({ id }) => id === image))?.name;
  }

  async remove(ids: VolumeId[]): Promise<void> {
    const change = await attempt(() => host.library.remove({ ids }));
    if (change) this.tellWithUndo(change);
  }

  async undo(): Promise<void> {
    const change = await attempt(() => host.library.undo());
    if (change) messages.tell(`Undone: ${change.text}`);
    else if (change === null) messages.tell('There is nothing to undo.');
  }

  async redo(): Promise<void> {
    const change = await attempt(() => host.library.redo());
    if (change) messages.tell(`Done again: ${change.text}`);
  }

  tellWithUndo(change: Change): void {
    messages.tell(change.text, { label: 'Undo', run: () => void this.undo() });
  }
}

export const libraryState = new LibraryState();

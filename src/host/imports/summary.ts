/** @file What an import looks like as a whole, in words. */
import type { ImportItem } from '../../contract/imports.ts';

const layoutWords: Readonly<Record<string, string>> = {
  nnUNet: 'nnU-Net data set',
  dicom: 'DICOM series',
  folders: 'Folders of images and label maps',
};

/** "nnU-Net data set: 12 subjects, 24 images, 12 label maps". */
export function summaryOf(items: readonly ImportItem[], layouts: readonly string[]): string {
  if (items.length === 0) return 'Nothing that can be taken in';
  const images = items.filter(({ role }) => role === 'image').length;
  const subjects = new Set(items.map(({ subject }) => subject)).size;
  const counts = [
    counted(subjects, 'subject'),
    counted(images, 'image'),
    counted(items.length - images, 'label map'),
  ].filter((text) => text !== '');
  const [layout] = layouts;
  const head = layouts.length === 1 && layout !== undefined ? layoutWords[layout] : undefined;
  return `${head === undefined ? '' : `${head}: `}${counts.join(', ')}`;
}

function counted(count: number, word: string): string {
  if (count === 0) return '';
  return `${count.toLocaleString('en-GB')} ${word}${count === 1 ? '' : 's'}`;
}

/** @file What is missing or inconsistent in a data set, as data: a folder with problems still gives what could be understood. */

export type NoticeCode =
  | 'IMAGE_WITHOUT_LABEL'
  | 'LABEL_WITHOUT_IMAGE'
  | 'CHANNEL_MISSING'
  | 'DATASET_JSON_INVALID'
  | 'FILE_IGNORED'
  | 'FILE_UNREADABLE'
  | 'GRIDS_DIFFER'
  | 'NO_FOREGROUND'
  | 'LABELS_NOT_WHOLE'
  | 'VALUES_NOT_FINITE'
  | 'NOT_ONE_VOLUME';

export interface Notice {
  readonly code: NoticeCode;
  /** 'unusable': the subject cannot be trained on. 'warning': worth a look. */
  readonly severity: 'unusable' | 'warning';
  /** One sentence with the values found. */
  readonly text: string;
  /** File stem of the subject, where it is about one. */
  readonly subject?: string;
  /** Relative to the data set's folder. */
  readonly file?: string;
}

/** Collects notices on the way; passed as a parameter, read at the end. */
export class Notices {
  readonly all: Notice[] = [];

  add(notice: Notice): void {
    this.all.push(notice);
  }

  get hasUnusable(): boolean {
    return this.all.some((notice) => notice.severity === 'unusable');
  }
}

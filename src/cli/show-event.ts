/** @file Shows a job's events on the terminal. */
import type { JobEvent } from '../contract/job-events.ts';
import type { Output } from './output.ts';

export function showEvent(output: Output): (event: JobEvent) => void {
  return (event) => {
    if (event.type === 'progress') output.progress(event);
    else if (event.type === 'note') output.line(event.text);
  };
}

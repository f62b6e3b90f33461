import { describe, expect, it } from 'vitest';
import { duration, makeOutput } from '../../src/cli/output.ts';

function captured(isTTY: boolean, json = false) {
  const texts = { out: '', err: '' };
  let nowMs = 0;
  const writeTo = (stream: keyof typeof texts) => (text: string) => {
    texts[stream] += text;
  };
  const streams = {
    stdout: { write: writeTo('out') },
    stderr: { write: writeTo('err'), isTTY, columns: 80 },
  };
  const output = makeOutput(streams, { json, now: () => nowMs });
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { texts, output, wait };
}

describe('progress', () => {
  it('tells the time left from the pace so far', () => {
    const { texts, output, wait } = captured(true);
    output.progress({ task: 'Training', done: 0, total: 100 });
    wait(10_000);
    output.progress({ task: 'Training', done: 25, total: 100 });
    expect(texts.err).toContain('25 %  30 s left');
  });

  it('counts the pace from where a resumed task began', () => {
    const { texts, output, wait } = captured(true);
    output.progress({ task: 'Training', done: 50, total: 100 });
    wait(10_000);
    output.progress({ task: 'Training', done: 75, total: 100 });
    expect(texts.err).toContain('75 %  10 s left');
  });

  it('prints a line for each tenth in a pipe, without control characters', () => {
    const { texts, output, wait } = captured(false);
    for (let done = 0; done <= 1000; done++) {
      output.progress({ task: 'Training', done, total: 1000 });
      wait(100);
    }
    expect(texts.err.split('\n')).toHaveLength(11);
    expect(texts.err).not.toContain('\r');
    expect(texts.err).not.toContain('\x1b');
  });

  it('prints only the last line in a pipe of a task that is soon done', () => {
    const { texts, output, wait } = captured(false);
    for (let done = 0; done <= 10; done++) {
      output.progress({ task: 'Segmenting', done, total: 10 });
      wait(50);
    }
    expect(texts.err).toMatch(/^Segmenting ━+ 100 % {2}in 1 s\n$/);
  });

  it('keeps the pace of a task that another one and a line interrupt', () => {
    const { texts, output, wait } = captured(true);
    output.progress({ task: 'Training', done: 0, total: 100 });
    wait(10_000);
    output.progress({ task: 'Training', done: 25, total: 100 });
    output.progress({ task: 'Validating', done: 0, total: 1 });
    output.line('Epoch 1');
    wait(10_000);
    output.progress({ task: 'Training', done: 50, total: 100 });
    expect(texts.err).toContain('50 %  20 s left');
  });

  it('keeps stdout free for the document with --json', () => {
    const { texts, output } = captured(false, true);
    output.line('hello');
    output.progress({ task: 'Training', done: 1, total: 2 });
    expect(texts.out).toBe('');
    expect(texts.err).toContain('hello');
  });
});

describe('durations', () => {
  it.each([
    [900, '1 s'],
    [59_000, '59 s'],
    [185_000, '3 min 05 s'],
    [7_800_000, '2 h 10 min'],
  ])('%i ms reads %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

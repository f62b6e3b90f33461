/** @file What closing the window means while something runs. */
import { describe, expect, it } from 'vitest';
import { closeAnswer, closeQuestion, shouldNotify } from '../../src/main/close-question.ts';

const busy = { text: 'Training “first try”: 42 %', mayNotify: true };

describe('the question', () => {
  it('is not asked when nothing runs', () => {
    expect(closeQuestion(null, 'linux')).toBeUndefined();
  });

  it('says what runs, and promises a notification only to those who allowed it', () => {
    expect(closeQuestion(busy, 'linux')?.detail).toContain('Training “first try”: 42 %');
    expect(closeQuestion(busy, 'linux')?.detail).toContain('notification tells');
    expect(closeQuestion({ ...busy, mayNotify: false }, 'linux')?.detail).not.toContain('notification tells');
  });

  it('names where Sagitta stays', () => {
    expect(closeQuestion(busy, 'darwin')?.detail).toContain('the Dock');
    expect(closeQuestion(busy, 'win32')?.detail).toContain('the notification area');
  });

  it('has an answer for each button, and Escape changes nothing', () => {
    const { buttons, defaultId, cancelId } = closeQuestion(busy, 'linux')!;
    expect(buttons.map((_text, index) => closeAnswer(index))).toEqual(['keep', 'quit', 'stay']);
    expect([closeAnswer(defaultId), closeAnswer(cancelId), closeAnswer(-1)]).toEqual([
      'keep',
      'stay',
      'stay',
    ]);
  });
});

describe('a notification', () => {
  it.each([
    [busy, null, false, true],
    [busy, null, true, false],
    [busy, busy, false, false],
    [{ ...busy, mayNotify: false }, null, false, false],
    [null, null, false, false],
  ])('from %j to %j, window visible %j: %j', (before, now, isWindowVisible, expected) => {
    expect(shouldNotify({ before, now, isWindowVisible })).toBe(expected);
  });
});

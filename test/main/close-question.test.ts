/** @file What closing the window means while something runs. */
import { describe, expect, it } from 'vitest';
import { closeAnswer, closeQuestion, shouldNotify } from '../../src/main/close-question.ts';

const busy = { text: 'Training “first try”: 42 %' };
const situation = { busy, platform: 'linux', mayNotify: true } as const;

describe('the question', () => {
  it('is not asked when nothing runs', () => {
    expect(closeQuestion({ ...situation, busy: null })).toBeUndefined();
  });

  it('says what runs, and leaves the notification to the person', () => {
    expect(closeQuestion(situation)?.detail).toContain('Training “first try”: 42 %');
    const ticked = [true, false].map(
      (mayNotify) => closeQuestion({ ...situation, mayNotify })?.checkboxChecked,
    );
    expect(ticked).toEqual([true, false]);
  });

  it('names where Sagitta stays', () => {
    expect(closeQuestion({ ...situation, platform: 'darwin' })?.detail).toContain('the Dock');
    expect(closeQuestion({ ...situation, platform: 'win32' })?.detail).toContain('the notification area');
  });

  it('has an answer for each button, and Escape changes nothing', () => {
    const { buttons, defaultId, cancelId } = closeQuestion(situation)!;
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
    { before: busy, now: null, isWindowVisible: false, mayNotify: true, expected: true },
    { before: busy, now: null, isWindowVisible: true, mayNotify: true, expected: false },
    { before: busy, now: busy, isWindowVisible: false, mayNotify: true, expected: false },
    { before: busy, now: null, isWindowVisible: false, mayNotify: false, expected: false },
    { before: null, now: null, isWindowVisible: false, mayNotify: true, expected: false },
  ])('%j', ({ expected, ...change }) => {
    expect(shouldNotify(change)).toBe(expected);
  });
});

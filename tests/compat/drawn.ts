/**
 * Projects and command lines that are drawn by chance, for `DRAWN=FIRST+COUNT npm run compat`. What differs on purpose is not drawn
 * where that can be foreseen.
 */

import { Dice } from '../support/dice.ts';
import { drawLine } from './drawn-lines.ts';
import { drawEdit, drawProject, drawText } from './drawn-project.ts';
import type { Line, Scenario } from './scenarios.ts';

/** The project of this number, and what is done in it. */
export function drawScenario(seed: number): Scenario {
  const dice = new Dice(seed);
  const sketch = drawProject(dice);
  const lines: Line[] = dice.chance(0.5) ? [['lock']] : [];
  const count = 3 + Math.floor(dice.roll() * 4);
  while (lines.length < count) lines.push(drawLine(dice, sketch));
  const text = drawText(dice, sketch);
  // By hand, as people do it; what was added by a command is gone then.
  if (dice.chance(0.25)) lines.splice(1 + Math.floor(dice.roll() * (count - 1)), 0, { edit: drawEdit(dice, text) });
  return { name: `drawn-${seed}`, files: { 'pyproject.toml': text, ...sketch.files }, lines };
}

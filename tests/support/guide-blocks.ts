/** The fenced blocks of our guides, for tests that run them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GuideBlock {
  /** Relative to the repository's root. */
  readonly file: string;
  /** `console`, `yaml`, … */
  readonly language: string;
  readonly text: string;
}

const root = join(import.meta.dir, '../..');

/** All blocks of a file, in order. */
export function guideBlocks(file: string): readonly GuideBlock[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', block = '']) => ({
    file,
    language,
    text: block,
  }));
}

/** The block of a file that has `part` in it. Throws where there is none, or more than one. */
export function guideBlock(file: string, part: string): string {
  const found = guideBlocks(file).filter(({ text }) => text.includes(part));
  if (found.length !== 1) throw new Error(`${file} has ${found.length} blocks with ${part}`);
  return found[0]?.text ?? '';
}

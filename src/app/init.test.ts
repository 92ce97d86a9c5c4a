import { expect, test } from 'bun:test';
import { nameOfFolder } from './init.ts';

test.each([
  ['shop', 'shop'],
  ['My_Package.Name', 'my-package-name'],
  ['a b  c!', 'a-b-c'],
  ['--x--', 'x'],
  ['Пример', 'пример'],
])('a project in the folder %p is called %p', (folder, name) => {
  expect(nameOfFolder(folder)).toBe(name);
});

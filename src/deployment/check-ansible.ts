/** Tasks of Ansible that call Poetry through a shell. */

import { type Finding, type Line, linesOf } from './finding.ts';

const SHELL = /^\s*-?\s*(?:ansible\.builtin\.)?(?:shell|command):\s*(.*)$/;

/** Whether the text looks like a playbook, or the tasks of a role. */
export function isAnsible(text: string): boolean {
  return (
    /^\s*-\s+(?:name|hosts|shell|command|ansible\.builtin\.\w+):/m.test(text) &&
    /^\s*(?:-\s+)?(?:hosts|tasks|shell|command|become|ansible\.builtin\.\w+):/m.test(text)
  );
}

/** Judges one file. */
export function checkAnsible(file: string, text: string): readonly Finding[] {
  const found: Finding[] = [];
  for (const task of tasksOf(linesOf(text))) {
    const at = task.findIndex((line) => SHELL.test(line.text));
    const first = task[at];
    if (first === undefined) continue;
    const all = task.map((line) => line.text).join('\n');
    const add = (severity: Finding['severity'], text: string, fix: string): void => {
      found.push({ severity, file, line: first.number, text, fix });
    };
    if (/\b(?:curl|wget)\b[^\n]*\|\s*(?:python\d?|sh|bash)\b/.test(all) && !/pipefail/.test(all)) {
      add(
        'error',
        'a download that fails is not noticed: the pipe ends as its last program does',
        'begin with set -o pipefail, and set executable: /bin/bash',
      );
    }
    if (
      /\b(?:poetry|tercet)\s+(?:install|sync|run|export)\b/.test(all) &&
      !/\bchdir\b|\bcd\s|(?:-C|--directory|-P|--project)[= ]/.test(all)
    ) {
      add(
        'error',
        'no folder is named: the project is looked for in the home of the remote user',
        'add args: chdir: /path/of/the/project',
      );
    }
    if (/\b(?:poetry|tercet)\s+(?:install|sync)\b/.test(all) && !/changed_when|creates/.test(all)) {
      add(
        'warning',
        'the task says `changed` each time it runs',
        'use the module tercet.tercet.sync, which knows, or add changed_when',
      );
    }
  }
  return found;
}

/** The items of lists, each with the lines below it. */
function tasksOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const tasks: Line[][] = [];
  for (const line of lines) {
    if (/^\s*-\s+\S/.test(line.text)) tasks.push([line]);
    else tasks.at(-1)?.push(line);
  }
  return tasks;
}

/** Completion scripts for shells, written from the commands' tables. What they complete is fixed when they are made. */

import type { Command, Option } from '../cli/command.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** What can be completed. */
export interface Completable {
  /** The program's name, and other names for it. */
  readonly names: readonly string[];
  readonly commands: readonly Pick<Command, 'name' | 'description' | 'options'>[];
  readonly globals: readonly Option[];
}

/** The script, with its last newline. */
export function completionScript(shell: Shell, table: Completable): string {
  switch (shell) {
    case 'bash':
      return bash(table);
    case 'zsh':
      return zsh(table);
    case 'fish':
      return fish(table);
    case 'powershell':
      return powershell(table);
  }
}

interface Word {
  readonly text: string;
  readonly description: string;
}

/** What may follow these words: `` → `env`, `add`, …; `env` → `info`, `list`, …. */
function nextWords({ commands }: Completable): ReadonlyMap<string, readonly Word[]> {
  const words = new Map<string, Map<string, Word>>();
  for (const { name, description } of commands) {
    const parts = name.split(' ');
    parts.forEach((text, at) => {
      const before = parts.slice(0, at).join(' ');
      const known = words.get(before) ?? new Map<string, Word>();
      const isWhole = at === parts.length - 1;
      if (isWhole || !known.has(text)) known.set(text, { text, description: isWhole ? description : '' });
      words.set(before, known);
    });
  }
  const sorted = [...words].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([before, known]) => [before, [...known.values()].sort((a, b) => (a.text < b.text ? -1 : 1))]),
  );
}

function optionWords(options: readonly Option[]): readonly Word[] {
  return options
    .filter(({ hidden }) => !hidden)
    .map(({ name, description }) => ({ text: `--${name}`, description }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1));
}

/** Longest names first, so that `self show plugins` is seen before `self show`. */
function longestFirst({ commands }: Completable): Completable['commands'] {
  return commands.toSorted((a, b) => b.name.split(' ').length - a.name.split(' ').length || (a.name < b.name ? -1 : 1));
}

function functionName({ names: [name = 'tercet'] }: Completable): string {
  return `_${name.replace(/[^A-Za-z0-9]+/g, '_')}_complete`;
}

function joined(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}

// --- bash ------------------------------------------------------------------------------------------------------------

function bash(table: Completable): string {
  const options = longestFirst(table).map(
    ({ name, options: own }) => `            "${name}"|"${name} "*) options="$options ${joined(optionWords(own))}" ;;`,
  );
  const next = [...nextWords(table)].map(([before, words]) => `        "${before}") next="${joined(words)}" ;;`);
  return `${functionName(table)}() {
    local current="\${COMP_WORDS[COMP_CWORD]}" words="" word next=""
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -* ]] || words="$words\${words:+ }$word"
    done
    COMPREPLY=()
    if [[ $current == -* ]]; then
        local options="${joined(optionWords(table.globals))}"
        case "$words" in
${options.join('\n')}
        esac
        COMPREPLY=($(compgen -W "$options" -- "$current"))
        return
    fi
    case "$words" in
${next.join('\n')}
    esac
    [[ -z $next ]] || COMPREPLY=($(compgen -W "$next" -- "$current"))
}

complete -o default -F ${functionName(table)} ${table.names.join(' ')}
`;
}

// --- zsh -------------------------------------------------------------------------------------------------------------

function zsh(table: Completable): string {
  const options = longestFirst(table).map(
    ({ name, options: own }) => `            ("${name}"|"${name} "*) options+=(${described(optionWords(own))}) ;;`,
  );
  const next = [...nextWords(table)].map(([before, words]) => `        ("${before}") next=(${described(words)}) ;;`);
  return `#compdef ${table.names.join(' ')}

${functionName(table)}() {
    local before="" word
    local -a options next
    for word in \${words[2,CURRENT-1]}; do
        [[ $word == -* ]] || before="$before\${before:+ }$word"
    done
    if [[ \${words[CURRENT]} == -* ]]; then
        options=(${described(optionWords(table.globals))})
        case "$before" in
${options.join('\n')}
        esac
        _describe 'option' options
        return
    fi
    case "$before" in
${next.join('\n')}
        (*) _files ;;
    esac
    (( \${#next} )) && _describe 'command' next
}

if [ "$funcstack[1]" = "_${table.names[0] ?? 'tercet'}" ]; then
    ${functionName(table)} "$@"
else
    compdef ${functionName(table)} ${table.names.join(' ')}
fi
`;
}

function described(words: readonly Word[]): string {
  return words.map(({ text, description }) => quoted(`${text.replaceAll(':', '\\:')}:${description}`)).join(' ');
}

/** In single quotes, as shells other than fish want it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// --- fish ------------------------------------------------------------------------------------------------------------

function fish(table: Completable): string {
  const seen = functionName(table).replace(/^_/, '__fish_');
  const lines: string[] = [];
  for (const name of table.names) {
    for (const [before, words] of nextWords(table)) {
      for (const { text, description } of words)
        lines.push(`complete -c ${name} -f -n '${seen} "${before}"' -a ${text} -d ${fishQuoted(description)}`);
    }
    for (const option of optionWords(table.globals)) lines.push(`complete -c ${name} ${fishOption(option)}`);
    for (const { name: command, options } of table.commands) {
      for (const option of optionWords(options)) {
        lines.push(`complete -c ${name} -n '${seen} "${command}" below' ${fishOption(option)}`);
      }
    }
  }
  return `# Whether the words so far are these; with a second argument: begin with them.
function ${seen}
    set -l words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set -a words $word
    end
    set -l line (string join ' ' $words)
    test "$line" = $argv[1]; and return 0
    test (count $argv) -gt 1; and string match -q -- "$argv[1] *" $line
end

${lines.join('\n')}
`;
}

function fishOption({ text, description }: Word): string {
  return `-l ${text.slice(2)} -d ${fishQuoted(description)}`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

// --- PowerShell ------------------------------------------------------------------------------------------------------

function powershell(table: Completable): string {
  const row = (key: string, words: readonly Word[]): string =>
    `    ${powerQuoted(key)} = @(${words.map(({ text, description }) => `@(${powerQuoted(text)}, ${powerQuoted(description)})`).join(', ')})`;
  const next = [...nextWords(table)].map(([before, words]) => row(before, words));
  const options = table.commands.map(({ name, options: own }) => row(name, optionWords(own)));
  return `$${functionName(table)} = {
  param($wordToComplete, $commandAst, $cursorPosition)
  $next = @{
${next.join('\n')}
  }
  $options = @{
${options.join('\n')}
  }
  $global = ${row('g', optionWords(table.globals)).replace(/^ *'g' = /, '')}
  $end = if ($wordToComplete -eq '') { $commandAst.CommandElements.Count - 1 } else { $commandAst.CommandElements.Count - 2 }
  $words = @()
  if ($end -ge 1) { $words = @($commandAst.CommandElements[1..$end] | ForEach-Object { "$_" } | Where-Object { -not $_.StartsWith('-') }) }
  $found = @()
  if ($wordToComplete.StartsWith('-')) {
    $found += $global
    for ($count = $words.Count; $count -gt 0; $count--) {
      $name = $words[0..($count - 1)] -join ' '
      if ($options.ContainsKey($name)) { $found += $options[$name]; break }
    }
  } elseif ($next.ContainsKey($words -join ' ')) {
    $found += $next[$words -join ' ']
  }
  foreach ($one in $found) {
    if ($one[0].StartsWith($wordToComplete)) {
      $tip = if ($one[1] -eq '') { $one[0] } else { $one[1] }
      [System.Management.Automation.CompletionResult]::new($one[0], $one[0], 'ParameterValue', $tip)
    }
  }
}
${table.names.map((name) => `Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock $${functionName(table)}`).join('\n')}
`;
}

function powerQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

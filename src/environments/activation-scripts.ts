/**
 * The scripts that activate a virtual environment in a shell. What they promise is the same as those of venv and
 * virtualenv: `VIRTUAL_ENV`, `VIRTUAL_ENV_PROMPT` and `PATH` are set, `PYTHONHOME` is put aside, the prompt shows the
 * environment unless `VIRTUAL_ENV_DISABLE_PROMPT` is set, and `deactivate` puts everything back.
 */

/** What a script is written for. */
export interface ActivationPlace {
  /** The environment's folder. */
  readonly path: string;
  /** The folder of its programs, relative to it: `bin` or `Scripts`. */
  readonly bin: string;
  /** What the prompt shows. */
  readonly prompt: string;
  /** Where packages are, relative to the environment. */
  readonly sitePackages: readonly string[];
}

/** The scripts' names and texts. `windows` adds those for `cmd.exe`. */
export function activationScripts(place: ActivationPlace, windows: boolean): ReadonlyMap<string, string> {
  const scripts = new Map([
    ['activate', shell(place)],
    ['activate.csh', csh(place)],
    ['activate.fish', fish(place)],
    ['activate.nu', nu(place)],
    ['activate.ps1', powershell(place)],
    ['activate_this.py', python(place)],
  ]);
  if (windows) {
    scripts.set('activate.bat', batch(place).replaceAll('\n', '\r\n'));
    scripts.set('deactivate.bat', batchDeactivate().replaceAll('\n', '\r\n'));
  }
  return scripts;
}

/** `text` as one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function shell({ path, bin, prompt }: ActivationPlace): string {
  return `\
# For bash, zsh and any POSIX shell:  . ${bin}/activate
# Leave the environment again by:  deactivate

deactivate () {
    if [ -n "\${_OLD_VIRTUAL_PATH+set}" ] ; then
        PATH="$_OLD_VIRTUAL_PATH"
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "\${_OLD_VIRTUAL_PYTHONHOME+set}" ] ; then
        PYTHONHOME="$_OLD_VIRTUAL_PYTHONHOME"
        export PYTHONHOME
        unset _OLD_VIRTUAL_PYTHONHOME
    fi
    if [ -n "\${_OLD_VIRTUAL_PS1+set}" ] ; then
        PS1="$_OLD_VIRTUAL_PS1"
        unset _OLD_VIRTUAL_PS1
    fi
    hash -r 2>/dev/null || true
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    if [ "\${1-}" != nondestructive ] ; then
        unset -f deactivate pydoc
    fi
}

# Another environment may still be active.
deactivate nondestructive

VIRTUAL_ENV=${shellQuote(path)}
case "\${OSTYPE-}" in
    cygwin|msys) VIRTUAL_ENV=$(cygpath -u "$VIRTUAL_ENV") ;;
esac
export VIRTUAL_ENV
VIRTUAL_ENV_PROMPT=${shellQuote(prompt)}
export VIRTUAL_ENV_PROMPT

_OLD_VIRTUAL_PATH="\${PATH-}"
PATH="$VIRTUAL_ENV/${bin}:\${PATH-}"
export PATH

if [ -n "\${PYTHONHOME+set}" ] ; then
    _OLD_VIRTUAL_PYTHONHOME="$PYTHONHOME"
    unset PYTHONHOME
fi

if [ -z "\${VIRTUAL_ENV_DISABLE_PROMPT-}" ] ; then
    _OLD_VIRTUAL_PS1="\${PS1-}"
    PS1="($VIRTUAL_ENV_PROMPT) \${PS1-}"
fi

# The pydoc of this environment, whatever its first line says.
pydoc () {
    python -m pydoc "$@"
}

# The shell may remember where it found commands before.
hash -r 2>/dev/null || true
`;
}

function csh({ path, bin, prompt }: ActivationPlace): string {
  const quoted = (text: string) => `'${text.replaceAll('!', '\\!').replaceAll("'", `'\\''`)}'`;
  const restore = [
    'test $?_OLD_VIRTUAL_PATH != 0 && setenv PATH "$_OLD_VIRTUAL_PATH:q" && unset _OLD_VIRTUAL_PATH',
    'test $?_OLD_VIRTUAL_PYTHONHOME != 0 && setenv PYTHONHOME "$_OLD_VIRTUAL_PYTHONHOME:q" && unset _OLD_VIRTUAL_PYTHONHOME',
    'test $?_OLD_VIRTUAL_PROMPT != 0 && set prompt="$_OLD_VIRTUAL_PROMPT:q" && unset _OLD_VIRTUAL_PROMPT',
    'rehash',
    'unsetenv VIRTUAL_ENV',
    'unsetenv VIRTUAL_ENV_PROMPT',
    'test "\\!:*" != "nondestructive" && unalias deactivate && unalias pydoc',
  ];
  return `\
# For csh and tcsh:  source ${bin}/activate.csh
# Leave the environment again by:  deactivate

alias deactivate '${restore.join('; ')}'

# Another environment may still be active.
deactivate nondestructive

setenv VIRTUAL_ENV ${quoted(path)}
setenv VIRTUAL_ENV_PROMPT ${quoted(prompt)}

set _OLD_VIRTUAL_PATH="$PATH:q"
setenv PATH "$VIRTUAL_ENV:q/${bin}:$PATH:q"

if ( $?PYTHONHOME ) then
    set _OLD_VIRTUAL_PYTHONHOME="$PYTHONHOME:q"
    unsetenv PYTHONHOME
endif

if ( ! $?VIRTUAL_ENV_DISABLE_PROMPT ) then
    if ( $?prompt ) then
        set _OLD_VIRTUAL_PROMPT="$prompt:q"
        set prompt="($VIRTUAL_ENV_PROMPT:q) $prompt:q"
    endif
endif

alias pydoc python -m pydoc

rehash
`;
}

function fish({ path, bin, prompt }: ActivationPlace): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return `\
# For fish:  source ${bin}/activate.fish
# Leave the environment again by:  deactivate

function deactivate --description 'Leave the Python environment'
    if set -q _OLD_VIRTUAL_PATH
        set -gx PATH $_OLD_VIRTUAL_PATH
        set -e _OLD_VIRTUAL_PATH
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
        set -e _OLD_VIRTUAL_PYTHONHOME
    end
    if functions -q _old_fish_prompt
        functions -e fish_prompt
        functions -c _old_fish_prompt fish_prompt
        functions -e _old_fish_prompt
    end
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != nondestructive
        functions -e deactivate pydoc _virtual_env_status
    end
end

# Another environment may still be active.
deactivate nondestructive

set -gx VIRTUAL_ENV ${quoted(path)}
set -gx VIRTUAL_ENV_PROMPT ${quoted(prompt)}

set -gx _OLD_VIRTUAL_PATH $PATH
set -gx PATH "$VIRTUAL_ENV"/${bin} $PATH

if set -q PYTHONHOME
    set -gx _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end

function pydoc
    python -m pydoc $argv
end

function _virtual_env_status
    return $argv[1]
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _old_fish_prompt
    function fish_prompt
        # The prompt before may look at how the last command ended.
        set -l last $status
        printf '(%s) ' "$VIRTUAL_ENV_PROMPT"
        _virtual_env_status $last
        _old_fish_prompt
    end
end
`;
}

function nu({ path, bin, prompt }: ActivationPlace): string {
  return `\
# For Nushell:  overlay use ${bin}/activate.nu
# Leave the environment again by:  deactivate

export-env {
    let folder = ${nuQuote(path)}
    let name = ${nuQuote(prompt)}
    let programs = ([$folder ${nuQuote(bin)}] | path join)
    let key = if "Path" in $env { "Path" } else { "PATH" }
    let folders = ($env | get $key)
    let folders = if ($folders | describe) == "string" { $folders | split row (char esep) } else { $folders }
    load-env { $key: ($folders | prepend $programs), VIRTUAL_ENV: $folder, VIRTUAL_ENV_PROMPT: $name }
    hide-env --ignore-errors PYTHONHOME
    if not ("VIRTUAL_ENV_DISABLE_PROMPT" in $env) {
        let before = ($env | get --ignore-errors PROMPT_COMMAND)
        load-env {
            PROMPT_COMMAND: {||
                let rest = if ($before | describe) == "closure" { do $before } else { $before }
                $"(char lparen)($name)(char rparen) ($rest)"
            }
        }
    }
}

export alias pydoc = python -m pydoc
export alias deactivate = overlay hide activate
`;
}

function nuQuote(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function powershell({ path, bin, prompt }: ActivationPlace): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return `\
# For PowerShell:  & ${bin}/activate.ps1
# Leave the environment again by:  deactivate

function global:deactivate([switch] $NonDestructive) {
    if (Test-Path variable:global:_OLD_VIRTUAL_PATH) {
        $env:PATH = $global:_OLD_VIRTUAL_PATH
        Remove-Variable _OLD_VIRTUAL_PATH -Scope Global
    }
    if (Test-Path variable:global:_OLD_VIRTUAL_PYTHONHOME) {
        $env:PYTHONHOME = $global:_OLD_VIRTUAL_PYTHONHOME
        Remove-Variable _OLD_VIRTUAL_PYTHONHOME -Scope Global
    }
    if (Test-Path function:global:_old_virtual_prompt) {
        $function:global:prompt = $function:global:_old_virtual_prompt
        Remove-Item function:global:_old_virtual_prompt
    }
    Remove-Item env:VIRTUAL_ENV -ErrorAction SilentlyContinue
    Remove-Item env:VIRTUAL_ENV_PROMPT -ErrorAction SilentlyContinue
    if (-not $NonDestructive) {
        Remove-Item function:global:pydoc -ErrorAction SilentlyContinue
        Remove-Item function:global:deactivate
    }
}

function global:pydoc {
    python -m pydoc $args
}

# Another environment may still be active.
deactivate -NonDestructive

$env:VIRTUAL_ENV = ${quoted(path)}
$env:VIRTUAL_ENV_PROMPT = ${quoted(prompt)}

New-Variable -Scope Global -Name _OLD_VIRTUAL_PATH -Value $env:PATH
$env:PATH = (Join-Path $env:VIRTUAL_ENV ${quoted(bin)}) + [System.IO.Path]::PathSeparator + $env:PATH

if (Test-Path env:PYTHONHOME) {
    New-Variable -Scope Global -Name _OLD_VIRTUAL_PYTHONHOME -Value $env:PYTHONHOME
    Remove-Item env:PYTHONHOME
}

if (-not $env:VIRTUAL_ENV_DISABLE_PROMPT) {
    $function:global:_old_virtual_prompt = $function:prompt
    function global:prompt {
        "($env:VIRTUAL_ENV_PROMPT) " + (& $function:global:_old_virtual_prompt)
    }
}
`;
}

function batch({ path, bin, prompt }: ActivationPlace): string {
  const quoted = (text: string) => text.replaceAll('%', '%%');
  return `\
@rem For cmd.exe:  ${bin}\\activate.bat
@rem Leave the environment again by:  deactivate

@if defined VIRTUAL_ENV call :restore

@set "VIRTUAL_ENV=${quoted(path)}"
@set "VIRTUAL_ENV_PROMPT=${quoted(prompt)}"

@set "_OLD_VIRTUAL_PATH=%PATH%"
@set "PATH=%VIRTUAL_ENV%\\${bin};%PATH%"

@if defined PYTHONHOME (
    @set "_OLD_VIRTUAL_PYTHONHOME=%PYTHONHOME%"
    @set PYTHONHOME=
)

@if not defined VIRTUAL_ENV_DISABLE_PROMPT (
    @if not defined PROMPT set "PROMPT=$P$G"
)
@if not defined VIRTUAL_ENV_DISABLE_PROMPT (
    @set "_OLD_VIRTUAL_PROMPT=%PROMPT%"
    @set "PROMPT=(%VIRTUAL_ENV_PROMPT%) %PROMPT%"
)

@doskey pydoc=python.exe -m pydoc $*
@exit /b 0

:restore
@if defined _OLD_VIRTUAL_PATH set "PATH=%_OLD_VIRTUAL_PATH%"
@if defined _OLD_VIRTUAL_PROMPT set "PROMPT=%_OLD_VIRTUAL_PROMPT%"
@if defined _OLD_VIRTUAL_PYTHONHOME set "PYTHONHOME=%_OLD_VIRTUAL_PYTHONHOME%"
@exit /b 0
`;
}

function batchDeactivate(): string {
  const names = ['PATH', 'PROMPT', 'PYTHONHOME'];
  const lines = names.map(
    (name) =>
      `@if defined _OLD_VIRTUAL_${name} (\n    @set "${name}=%_OLD_VIRTUAL_${name}%"\n    @set _OLD_VIRTUAL_${name}=\n)\n`,
  );
  return `${lines.join('')}@set VIRTUAL_ENV=\n@set VIRTUAL_ENV_PROMPT=\n`;
}

function python({ bin, prompt, sitePackages }: ActivationPlace): string {
  return `\
"""Makes this environment's packages importable in a Python that runs already (of the same version):

    import runpy; runpy.run_path("<environment>/${bin}/activate_this.py")
"""
import os
import site
import sys

folder = os.path.dirname(os.path.abspath(__file__))
prefix = os.path.dirname(folder)

os.environ["PATH"] = os.pathsep.join([folder] + os.environ.get("PATH", "").split(os.pathsep))
os.environ["VIRTUAL_ENV"] = prefix
os.environ["VIRTUAL_ENV_PROMPT"] = ${pythonQuote(prompt)}

before = list(sys.path)
for packages in ${JSON.stringify(sitePackages)}:
    site.addsitedir(os.path.join(prefix, *packages.split("/")))
# What was added comes first.
sys.path[:] = [entry for entry in sys.path if entry not in before] + before

sys.real_prefix = sys.prefix
sys.prefix = prefix
`;
}

/** `text` as a literal of any Python, in ASCII. */
function pythonQuote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

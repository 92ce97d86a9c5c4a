SCRIPT=r''':'
@INSTALL_SH@
exit
'''
# Installs tercet. This text is a program for `python` (2.7 or 3) and for `sh` alike:
#
#     curl -sSL BASE/get-tercet.py | python
#     curl -sSL BASE/get-tercet.py | python - --as-poetry
#     curl -sSL BASE/get-tercet.py | sh
#
# Python hands the shell script above to `sh`; on Windows it hands install.ps1 of the same place to PowerShell.
import os
import subprocess
import sys

BASE_URL = "@BASE_URL@"


def main(arguments):
    variables = dict(os.environ, TERCET_PYTHON=sys.executable or "python")
    with open(os.devnull) as nothing:
        if os.name == "nt":
            command = windows_command(arguments, variables)
        else:
            command = ["sh", "-c", SCRIPT.split("\n", 1)[1], "get-tercet.py"] + arguments
        return subprocess.call(command, env=variables, stdin=nothing)


def windows_command(arguments, variables):
    base = variables.get("TERCET_BASE_URL") or ("" if BASE_URL.startswith("@") else BASE_URL)
    if not base:
        sys.exit("error: no address to install from\nhint: set TERCET_BASE_URL")
    script = "& ([scriptblock]::Create((Invoke-RestMethod '%s/install.ps1'))) @args" % base.rstrip("/").replace("'", "''")
    return ["powershell", "-NoProfile", "-ExecutionPolicy", "Bypass", "-Command", "& { %s }" % script] + [
        {"--as-poetry": "-AsPoetry", "--preview": "-Preview", "--uninstall": "-Uninstall", "--version": "-Version",
         "--home": "-InstallHome", "--base-url": "-BaseUrl", "--no-modify-path": "-NoModifyPath"}.get(one, one)
        for one in arguments
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

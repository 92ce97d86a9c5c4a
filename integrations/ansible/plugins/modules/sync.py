#!/usr/bin/python
"""Make an environment exactly what poetry.lock says"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: sync
short_description: Make an environment exactly what poetry.lock says
description:
  - As M(tercet.tercet.install), and removes what the lock does not hold.
options:
  project:
    description: The folder of pyproject.toml and poetry.lock.
    type: path
    required: true
    aliases: [chdir, path]
  only:
    description: These groups and no others; in production C(main).
    type: list
    elements: str
  with_groups:
    description: Optional groups to take in.
    type: list
    elements: str
  without:
    description: Groups to leave out.
    type: list
    elements: str
  extras:
    description: Extras of the project.
    type: list
    elements: str
  all_extras:
    description: All extras.
    type: bool
    default: false
  no_root:
    description: Leave out the project itself.
    type: bool
    default: false
  compile:
    description: Compile the installed files to bytecode.
    type: bool
    default: false
  executable:
    description: tercet, or poetry, by name or path. Looked for on PATH, in ~/.tercet/bin and in /opt/tercet/bin.
    type: str
    default: tercet
  virtualenv:
    description: The environment to use, as VIRTUAL_ENV names it; made where it is not there. Default, the project's own.
    type: path
  environment_variables:
    description: More variables for the program, such as TERCET_INDEX_URL.
    type: dict
    default: {}
author:
  - The tercet project
"""

EXAMPLES = r"""
- name: The environment is what was tested
  tercet.tercet.sync:
    project: /srv/shop
    only: [main]
    virtualenv: /srv/shop-env
  register: environment
  notify: restart shop
"""

RETURN = r"""
operations:
  description: What was done, or in check mode would be.
  returned: always
  type: list
  elements: dict
  sample: [{"kind": "install", "name": "django", "version": "4.2.30"}]
environment:
  description: The path of the environment.
  returned: when not in check mode
  type: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.tercet.tercet.plugins.module_utils import tercet


def main():
    spec = dict(
        no_root=dict(type="bool", default=False),
        compile=dict(type="bool", default=False),
    )
    spec.update(tercet.COMMON)
    spec.update(tercet.SELECTION)
    module = AnsibleModule(
        argument_spec=spec,
        supports_check_mode=True,
        mutually_exclusive=[["only", "without"], ["only", "with_groups"], ["extras", "all_extras"]],
    )
    tercet.install(module, "sync")


if __name__ == "__main__":
    main()

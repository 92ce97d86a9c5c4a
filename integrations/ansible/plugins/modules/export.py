#!/usr/bin/python
"""Export poetry.lock as requirements.txt, constraints.txt or pylock.toml"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: export
short_description: Export poetry.lock as requirements.txt, constraints.txt or pylock.toml
description:
  - Writes the file where its contents change.
options:
  project:
    description: The folder of pyproject.toml and poetry.lock.
    type: path
    required: true
    aliases: [chdir, path]
  dest:
    description: The file to write.
    type: path
    required: true
  format:
    description: Its format.
    type: str
    choices: [requirements.txt, constraints.txt, pylock.toml]
    default: requirements.txt
  hashes:
    description: With hashes.
    type: bool
    default: true
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
extends_documentation_fragment:
  - ansible.builtin.files
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
- name: For the tool that reads no lock
  tercet.tercet.export:
    project: /srv/shop
    dest: /srv/shop/requirements.txt
    mode: "0644"
"""

RETURN = r"""
dest:
  description: The file.
  returned: always
  type: str
"""

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_bytes, to_native
from ansible_collections.tercet.tercet.plugins.module_utils import tercet


def main():
    spec = dict(
        dest=dict(type="path", required=True),
        format=dict(
            type="str", default="requirements.txt", choices=["requirements.txt", "constraints.txt", "pylock.toml"]
        ),
        hashes=dict(type="bool", default=True),
    )
    spec.update(tercet.COMMON)
    spec.update(tercet.SELECTION)
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True, add_file_common_args=True)
    params = module.params
    dest = params["dest"]
    arguments = ["export", "--format", params["format"]] + tercet.selection_arguments(params)
    if not params["hashes"]:
        arguments.append("--without-hashes")
    code, out, err = tercet.run(module, arguments)
    if code != 0:
        module.fail_json(msg=tercet.failure(out, err), rc=code, stderr=err)
    old = None
    if os.path.exists(dest):
        with open(dest, "rb") as file:
            old = to_native(file.read())
    result = dict(changed=old != out, dest=dest)
    if module._diff:
        result["diff"] = dict(before=old or "", after=out, before_header=dest, after_header=dest)
    if result["changed"] and not module.check_mode:
        handle, staged = tempfile.mkstemp(dir=module.tmpdir)
        with os.fdopen(handle, "wb") as file:
            file.write(to_bytes(out))
        module.atomic_move(staged, dest)
    if not module.check_mode or os.path.exists(dest):
        arguments = module.load_file_common_arguments(params)
        result["changed"] = module.set_fs_attributes_if_different(arguments, result["changed"])
    module.exit_json(**result)


if __name__ == "__main__":
    main()

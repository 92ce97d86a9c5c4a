/** The environment that markers are evaluated in (PEP 508, "Environment Markers"). */

export interface MarkerEnvironment {
  /** `X.Y`. */
  readonly python_version?: string;
  /** `X.Y.Z`, with pre-release suffix where there is one. */
  readonly python_full_version?: string;
  readonly os_name?: string;
  readonly sys_platform?: string;
  readonly platform_machine?: string;
  readonly platform_release?: string;
  readonly platform_system?: string;
  readonly platform_version?: string;
  readonly platform_python_implementation?: string;
  readonly implementation_name?: string;
  readonly implementation_version?: string;
  /** The extras that are asked for; they are normalised before they are compared. */
  readonly extra?: readonly string[];
}

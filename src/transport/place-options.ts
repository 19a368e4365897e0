// Keys by which several things share one port.
import * as v from 'valibot'

export const placeEntries = {
  /**
   * Path below which this is, `/napcat`, so that several can share one `listen`: clients add it to the address. Default:
   * all of the port. The longest path that fits a request gets it.
   */
  path: v.optional(
    v.pipe(v.string(), v.regex(/^(?:\/[\w.~-]+)+$/, 'expected a path like /napcat, without a slash at its end')),
  ),
  /** Host name by which clients address this, `a.example.org`, so that several can share one `listen`. Default: every name. */
  host: v.optional(
    v.pipe(
      v.string(),
      v.toLowerCase(),
      v.regex(/^[a-z0-9.-]+$/, 'expected a host name like a.example.org, without a port'),
    ),
  ),
}

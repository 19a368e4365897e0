// The guarded fetcher as the bridge has it, for adapters under test: it reaches nothing but this machine's 127.0.0.1 and
// what is public.
import { createUrlFetcher, defaultFetchLimits } from '../../src/transport/fetch-url.ts'

export const fetchUrl = createUrlFetcher({ ...defaultFetchLimits, allow: ['127.0.0.1'] })

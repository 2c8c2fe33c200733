declare const PITOOL_VERSION: string | undefined

/** Put in by the build; run from its sources it has none. */
export const version = typeof PITOOL_VERSION === 'undefined' ? '0.0.0-source' : PITOOL_VERSION

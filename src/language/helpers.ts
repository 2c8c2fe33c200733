import { encodeHelpers } from './helpers/encode.ts'
import type { Helper } from './helpers/helper.ts'
import { listHelpers } from './helpers/list.ts'
import { logicHelpers } from './helpers/logic.ts'
import { networkHelpers } from './helpers/network.ts'
import { numberHelpers } from './helpers/number.ts'
import { textHelpers } from './helpers/text.ts'

/** Every helper but the special forms, by name. */
export const helpers: ReadonlyMap<string, Helper> = new Map(
  [...textHelpers, ...listHelpers, ...numberHelpers, ...logicHelpers, ...encodeHelpers, ...networkHelpers].map(
    helper => [helper.name, helper],
  ),
)

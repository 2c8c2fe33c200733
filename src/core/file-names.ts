/** What answers about files hang on beside their paths: a link on the way to them, which may lead elsewhere … */
export const throughLinks = 'through links'

/** … and other names that they have: what changes a file by one of them changes it by all. */
export const manyNamed = 'many names'

/** What is in a folder, or would be once it is made. */
export const inFolder = (folder: string) => `${folder}/`

/** What is told of a folder by its entries: how many there are, and since when. */
export const entriesOf = (folder: string) => `entries of ${folder}`

/** Splits a command line into words as a POSIX shell does, quotes and backslashes only; undefined: a quote is not closed. */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    word ??= ''
    if (char === "'" || char === '"') {
      const end = closing(text, i)
      if (end === undefined) return undefined
      const quoted = text.slice(i + 1, end)
      word += char === "'" ? quoted : quoted.replace(/\\([\\"$`\n])/g, '$1')
      i = end
    } else if (char === '\\') word += text[++i] ?? ''
    else word += char
  }
  if (word !== undefined) words.push(word)
  return words
}

function closing(text: string, start: number): number | undefined {
  const mark = text[start]!
  for (let i = start + 1; i < text.length; i++) {
    if (mark === '"' && text[i] === '\\') i++
    else if (text[i] === mark) return i
  }
  return undefined
}

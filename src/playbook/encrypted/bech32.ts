const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** The bytes of a bech32 text with that prefix (BIP 173, any length); undefined where it is none. */
export function fromBech32(text: string, prefix: string): Uint8Array | undefined {
  const lower = text.toLowerCase()
  if (lower !== text && text.toUpperCase() !== text) return undefined
  if (!lower.startsWith(`${prefix}1`)) return undefined
  const values = [...lower.slice(prefix.length + 1)].map(char => alphabet.indexOf(char))
  if (values.length < 6 || values.includes(-1) || checksum([...expanded(prefix), ...values]) !== 1) return undefined
  return toBytes(values.slice(0, -6))
}

function expanded(prefix: string): readonly number[] {
  const codes = [...prefix].map(char => char.charCodeAt(0))
  return [...codes.map(code => code >> 5), 0, ...codes.map(code => code & 31)]
}

function checksum(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (const [i, part] of generator.entries()) if ((top >> i) & 1) sum ^= part
  }
  return sum >>> 0
}

/** Groups of five bits as bytes; undefined where bits are left over that are not zero. */
function toBytes(values: readonly number[]): Uint8Array | undefined {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const value of values) {
    held = (held << 5) | value
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
    held &= (1 << bits) - 1
  }
  return bits < 5 && held === 0 ? Uint8Array.from(bytes) : undefined
}

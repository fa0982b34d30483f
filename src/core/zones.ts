/** Zones that were found before: asking the runtime again costs as much as making a formatter. */
const known = new Set<string>()

/** True for a zone of the IANA database that this runtime knows: Asia/Kathmandu. */
export function isZone(zone: string): boolean {
  if (known.has(zone)) return true
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    known.add(zone)
    return true
  } catch {
    return false
  }
}

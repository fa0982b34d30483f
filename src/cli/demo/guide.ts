import type { GuideStep } from '../../../adapters/web/demo.ts'
import type { Db } from '../../../db/client.ts'

export async function guideOf(_db: Db): Promise<GuideStep[]> {
  return []
}

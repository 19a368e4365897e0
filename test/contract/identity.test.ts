// Identity that survives, for both dialects before each backend.
import { describe } from 'vitest'
import { identityContract } from './identity.ts'
import { identityForwardsContract } from './identity-forwards.ts'
import { identityLinksContract } from './identity-links.ts'
import { identityMediaContract } from './identity-media.ts'

for (const client of ['onebot11', 'mirai'] as const) {
  for (const backend of ['embedded', 'onebot11', 'mirai'] as const) {
    describe(`${client} client, ${backend} backend`, () => {
      identityContract(client, backend)
      identityMediaContract(client, backend)
      identityForwardsContract(client, backend)
      identityLinksContract(client, backend)
    })
  }
}

import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import { createServer } from '../server/server.ts'
import type { Session } from '../server/session.ts'

export interface ModelTools {
  tools: BetaRunnableTool[]
  close(): Promise<void>
}

/**
 * The MCP tools that only read, for the model: through a client and a server in this process, so that it sees exactly what every
 * other client sees, fences and masks included. It gets nothing that writes, whatever the session allows.
 */
export async function modelTools(session: Session): Promise<ModelTools> {
  const { Client } = await import('@modelcontextprotocol/client')
  const { InMemoryTransport } = await import('@modelcontextprotocol/server')
  const { mcpTools } = await import('@anthropic-ai/sdk/helpers/beta/mcp')
  const server = await createServer({ ...session, allowWrite: false })
  const client = new Client({ name: 'scalability-agent', version: '1' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  await client.connect(near)
  const { tools } = await client.listTools()
  const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint === true)
  return {
    tools: mcpTools(
      readOnly as Parameters<typeof mcpTools>[0],
      {
        // The text form alone: the structured one says the same again.
        callTool: async request => {
          const result = await client.callTool(request)
          return { content: result.content as never, isError: result.isError === true }
        },
      } as Parameters<typeof mcpTools>[1],
    ),
    close: async () => {
      await client.close()
      await server.close()
    },
  }
}

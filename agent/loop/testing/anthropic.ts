import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The Messages API as far as this program uses it: streaming, tools, structured output. It refuses what the real one refuses: unknown
 * keys and models, calls without results, results without calls, open objects in schemas, missing headers.
 */
export interface FakeAnthropic {
  url: string
  /** Bodies of the requests that were well-formed, in order. */
  requests: Body[]
  /** Why requests were refused. */
  refused: string[]
  stop(): Promise<void>
}

export interface Body {
  model: string
  messages: { role: string; content: string | Block[] }[]
  tools?: { name: string }[]
  system?: unknown
}

export interface Block {
  type: string
  text?: string
  id?: string
  name?: string
  input?: unknown
  tool_use_id?: string
  content?: unknown
}

/** What the model says to one request. */
export interface Reply {
  text?: string
  calls?: { name: string; input: unknown }[]
  stop?: string
  /** Instead of, or in the middle of, the reply. */
  fault?:
    | 'reset'
    | 'cut'
    | 'malformed'
    | 'truncated-tool'
    | { status: number; type: string; message: string; retryAfter?: string }
}

export const KEY = 'sk-ant-test-key-for-loopback'
const MODELS = ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5']

export async function startAnthropic(say: (body: Body, index: number) => Reply): Promise<FakeAnthropic> {
  const fake: FakeAnthropic = { url: '', requests: [], refused: [], stop: async () => {} }
  const server = createServer((request, response) => void answer(fake, say, request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  fake.stop = async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return fake
}

async function answer(
  fake: FakeAnthropic,
  say: (body: Body, index: number) => Reply,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const fail = (status: number, type: string, message: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ type: 'error', error: { type, message } }))
  }
  const { headers, method, url = '' } = request
  if (method !== 'POST' || !/^\/v1\/messages(\?beta=true)?$/.test(url)) return fail(404, 'not_found_error', url)
  const key = headers.authorization?.replace('Bearer ', '') ?? headers['x-api-key']
  if (key !== KEY) return fail(401, 'authentication_error', 'invalid key')
  if (!headers['anthropic-version']) return fail(400, 'invalid_request_error', 'anthropic-version: header is required')
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body & Record<string, unknown>
  if (!MODELS.includes(body.model)) return fail(404, 'not_found_error', `model: ${body.model}`)
  const wrong = problemOf(body)
  if (wrong) {
    fake.refused.push(wrong)
    return fail(400, 'invalid_request_error', wrong)
  }
  const index = fake.requests.length
  fake.requests.push(body)
  const reply = say(body, index)
  if (typeof reply.fault === 'object') {
    const { status, type, message, retryAfter } = reply.fault
    return fail(status, type, message, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  }
  stream(response, reply, { index, model: body.model, size: JSON.stringify(body).length })
}

/** What the API would object to; undefined when it is well-formed. */
function problemOf(body: Body & Record<string, unknown>): string | undefined {
  if (body.stream !== true) return 'stream: expected true'
  if (typeof body.max_tokens !== 'number' || body.max_tokens < 1) return 'max_tokens: Field required'
  if ('thread' in body) return 'thread: server-held threads are not used here'
  if (body.messages.length === 0 || body.messages[0]?.role !== 'user')
    return 'messages: first message must use the "user" role'
  for (const { name, input_schema: schema } of (body.tools ?? []) as {
    name: string
    input_schema?: { type?: string }
  }[]) {
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) return `tools: name ${name}`
    if (schema?.type !== 'object') return `tools.${name}.input_schema.type: Field required`
  }
  const format = (body.output_config as { format?: { type: string; schema: unknown } } | undefined)?.format
  if (format) {
    if (format.type !== 'json_schema') return 'output_config.format.type'
    const wrong = schemaProblem(format.schema)
    if (wrong) return `output_config.format.schema: ${wrong}`
  }
  return pairingProblem(body.messages)
}

function schemaProblem(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(schemaProblem).find(Boolean)
  if (value === null || typeof value !== 'object') return undefined
  const object = value as Record<string, unknown>
  if (object.type === 'object' && object.additionalProperties !== false)
    return "'additionalProperties' must be explicitly set to false"
  for (const keyword of ['minimum', 'maximum', 'minLength', 'maxLength', 'maxItems', 'pattern'])
    if (keyword in object && typeof object[keyword] !== 'object') return `property '${keyword}' is not supported`
  return Object.values(object).map(schemaProblem).find(Boolean)
}

function pairingProblem(messages: Body['messages']): string | undefined {
  let open: string[] = []
  for (const { role, content } of messages) {
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content } as Block] : content
    if (blocks.length === 0) return 'messages: content must not be empty'
    const results = blocks.flatMap(block => (block.type === 'tool_result' ? [block.tool_use_id ?? ''] : []))
    if (role === 'user') {
      const missing = open.filter(id => !results.includes(id))
      if (missing.length > 0)
        return `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join()}`
      if (results.some(id => !open.includes(id))) return 'unexpected `tool_use_id` found in `tool_result` blocks'
      open = []
    } else {
      if (open.length > 0) return '`tool_use` ids were found without `tool_result` blocks immediately after'
      open = blocks.flatMap(block => (block.type === 'tool_use' ? [block.id ?? ''] : []))
    }
  }
  return open.length > 0 ? '`tool_use` ids were found without `tool_result` blocks immediately after' : undefined
}

function stream(
  response: ServerResponse,
  reply: Reply,
  { index, model, size }: { index: number; model: string; size: number },
): void {
  const { text, calls = [], fault } = reply
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  const send = (type: string, data: Record<string, unknown>): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  const usage = {
    input_tokens: Math.ceil(size / 4),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 1,
  }
  const message = {
    id: `msg_${index}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  send('message_start', { message })
  let block = 0
  if (text !== undefined) {
    send('content_block_start', { index: block, content_block: { type: 'text', text: '' } })
    for (let at = 0; at < Math.max(1, text.length); at += 40)
      send('content_block_delta', { index: block, delta: { type: 'text_delta', text: text.slice(at, at + 40) } })
    if (fault === 'reset' || fault === 'cut' || fault === 'malformed') {
      breakOff(response, fault)
      return
    }
    send('content_block_stop', { index: block++ })
  }
  for (const [number, { name, input }] of calls.entries()) {
    const id = `toolu_${index}_${number}`
    send('content_block_start', { index: block, content_block: { type: 'tool_use', id, name, input: {} } })
    const json = JSON.stringify(input)
    const told = fault === 'truncated-tool' ? json.slice(0, Math.ceil(json.length / 2)) : json
    send('content_block_delta', { index: block, delta: { type: 'input_json_delta', partial_json: told } })
    if (fault === 'reset' || fault === 'cut' || fault === 'malformed') {
      breakOff(response, fault)
      return
    }
    send('content_block_stop', { index: block++ })
  }
  const cut = fault === 'truncated-tool' ? 'max_tokens' : undefined
  const stop = reply.stop ?? cut ?? (calls.length > 0 ? 'tool_use' : 'end_turn')
  send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 50 } })
  send('message_stop', {})
  response.end()
}

function breakOff(response: ServerResponse, fault: 'reset' | 'cut' | 'malformed'): void {
  if (fault === 'malformed') response.end('event: content_block_delta\ndata: {"type":\n\n')
  else if (fault === 'cut') response.end()
  else setTimeout(() => response.destroy(), 20)
}

import postgres from 'postgres'

/** Every call makes a pool of its own. */
export function connect() {
  return postgres(process.env.DATABASE_URL!, { prepare: false, max: 1 }) // expect: database/direct-connection
}

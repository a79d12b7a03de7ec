import type { Command } from 'commander'

/** Options that say where the running database is; `agent assess` and `agent stats` share them. */
export interface DatabaseFlags {
  /** URL; false with --no-db; undefined when the environment decides. */
  db?: string | false
  projectRef?: string
  allowPrivilegedRole?: boolean
}

export function addDatabaseOptions(command: Command): Command {
  return command
    .option('--db <url>', 'running database to ask, read-only: postgresql://user:password@host:port/database')
    .option('--no-db', 'ask no running database, whatever the environment says')
    .option('--project-ref <ref>', 'Supabase project to ask through the Management API (needs SUPABASE_ACCESS_TOKEN)')
    .option('--allow-privileged-role', 'go on with a role that can write; its transactions are read-only all the same')
}

export const DATABASE_HELP = `
The running database is asked with fixed, read-only queries for statistics and definitions, never for rows of yours.
It is found by --db, by SCALABILITY_DATABASE_URL (which no other user of the machine can see in the list of processes),
or, with SUPABASE_ACCESS_TOKEN, through Supabase's Management API by --project-ref, supabase/.temp/project-ref (made by
supabase link) or project_id in supabase/config.toml. Files named .env are never read.
A role that can write is refused, with the SQL for one that cannot.`

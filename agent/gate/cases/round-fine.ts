import { edit, type GateCase } from './case.ts'

/** Second round: pieces of apps in other hands' style, with changes that are harmless. */
function change(name: string, base: Record<string, string>, files: Record<string, string | null>): GateCase {
  return { name, base, change: files }
}

const FEED = `import { NextResponse } from "next/server";
import { createClient } from "@/utils/supabase/server";

export async function GET(req: Request) {
  const supabase = await createClient();
  const { data: { user } } = await supabase.auth.getUser();
  if (!user) {
    return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  }
  const page = Number(new URL(req.url).searchParams.get("page") ?? 1);
  const { data: posts, error } = await supabase
    .from("posts")
    .select("*")
    .eq("author_id", user.id)
    .range((page - 1) * 20, page * 20 - 1);
  if (error) {
    return NextResponse.json({ error: error.message }, { status: 500 });
  }
  const result = [];
  for (const post of posts) {
    const { count } = await supabase.from("likes").select("*", { count: "exact", head: true }).eq("post_id", post.id);
    result.push({ ...post, likes: count });
  }
  return NextResponse.json(result);
}
`
const feed = { 'src/app/api/feed/route.ts': FEED }
const onFeed = (name: string, from: string, to: string) =>
  change(name, feed, { 'src/app/api/feed/route.ts': edit(FEED, from, to) })

const IMPORT_ACTION = `"use server";
import { createClient } from "@/utils/supabase/server";
import { revalidatePath } from "next/cache";

export async function importContacts(contacts: { name: string; email: string }[]) {
  const supabase = await createClient();
  const { data: { user } } = await supabase.auth.getUser();
  if (!user) throw new Error("Not authenticated");
  for (const contact of contacts) {
    const { error } = await supabase.from("contacts").insert({ name: contact.name, email: contact.email, owner_id: user.id });
    if (error) throw new Error("Import failed");
  }
  revalidatePath("/contacts");
}

export async function trackView(id: string) {
  const supabase = await createClient();
  const { data } = await supabase.from("articles").select("views").eq("id", id).single();
  await supabase.from("articles").update({ views: (data?.views ?? 0) + 1 }).eq("id", id);
}
`
const contacts = { 'app/contacts/actions.ts': IMPORT_ACTION }
const onContacts = (name: string, from: string, to: string) =>
  change(name, contacts, { 'app/contacts/actions.ts': edit(IMPORT_ACTION, from, to) })

const LOOP = `  for (const contact of contacts) {
    const { error } = await supabase.from("contacts").insert({ name: contact.name, email: contact.email, owner_id: user.id });
    if (error) throw new Error("Import failed");
  }
`

const BLOG = `import { createClient } from "@/utils/supabase/server";
import { notFound } from "next/navigation";

export default async function Post({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const supabase = await createClient();
  const { data: post } = await supabase.from("posts").select("*").eq("slug", slug).eq("status", "published").single();
  if (!post) notFound();
  const { data: related } = await supabase.from("posts").select("*").eq("category", post.category).eq("status", "published");
  return <article><h1>{post.title}</h1>{related?.map((r) => <a key={r.id} href={r.slug}>{r.title}</a>)}</article>;
}
`
const blog = { 'app/blog/[slug]/page.tsx': BLOG }
const onBlog = (name: string, from: string, to: string) =>
  change(name, blog, { 'app/blog/[slug]/page.tsx': edit(BLOG, from, to) })

const LAYOUT = `import { createClient } from "@/utils/supabase/server";

export default async function Layout({ children }: { children: React.ReactNode }) {
  const supabase = await createClient();
  const { data: { user } } = await supabase.auth.getUser();
  return <html><body><header>{user?.email ?? "Sign in"}</header>{children}</body></html>;
}
`

export const ROUND_FINE: GateCase[] = [
  onFeed(
    'counts in one query instead of a loop',
    `  const result = [];
  for (const post of posts) {
    const { count } = await supabase.from("likes").select("*", { count: "exact", head: true }).eq("post_id", post.id);
    result.push({ ...post, likes: count });
  }
  return NextResponse.json(result);
`,
    `  const { data: likes } = await supabase.from("like_counts").select("post_id, likes").in("post_id", posts.map((p) => p.id));
  const byPost = new Map(likes?.map((l) => [l.post_id, l.likes]));
  return NextResponse.json(posts.map((post) => ({ ...post, likes: byPost.get(post.id) ?? 0 })));
`,
  ),
  onFeed(
    'embed instead of a loop',
    `    .select("*")
`,
    `    .select("id, title, created_at, likes(count)")
`,
  ),
  onFeed(
    'error text kept for the log',
    'return NextResponse.json({ error: error.message }, { status: 500 });',
    'console.error("feed failed", error.code);\n    return NextResponse.json({ error: "Could not load the feed" }, { status: 500 });',
  ),
  onFeed(
    'page number bounded',
    'const page = Number(new URL(req.url).searchParams.get("page") ?? 1);',
    'const requested = Number(new URL(req.url).searchParams.get("page") ?? 1);\n  const page = Math.min(Math.max(Number.isInteger(requested) ? requested : 1, 1), 500);',
  ),
  change('keyset instead of offset', feed, {
    'src/app/api/feed/route.ts': edit(
      edit(
        FEED,
        '    .range((page - 1) * 20, page * 20 - 1);',
        '    .order("created_at", { ascending: false })\n    .lt("created_at", before.toISOString())\n    .limit(20);',
      ),
      'const page = Number(new URL(req.url).searchParams.get("page") ?? 1);',
      'const cursor = Date.parse(new URL(req.url).searchParams.get("before") ?? "");\n  const before = Number.isNaN(cursor) ? new Date() : new Date(cursor);',
    ),
  }),
  onFeed(
    'browser may keep its own answer',
    'return NextResponse.json(result);',
    'return NextResponse.json(result, { headers: { "Cache-Control": "private, max-age=30" } });',
  ),
  onFeed('estimated count', 'count: "exact"', 'count: "estimated"'),
  onFeed(
    'who and what at the same time',
    '  const { data: { user } } = await supabase.auth.getUser();\n',
    '  const [{ data: { user } }] = await Promise.all([supabase.auth.getUser(), Promise.resolve()]);\n',
  ),
  change('body of the handler in a module of its own', feed, {
    'src/lib/feed.ts': `import type { SupabaseClient } from "@supabase/supabase-js";

export async function likesOf(supabase: SupabaseClient, posts: { id: string }[]) {
  const { data } = await supabase.from("likes").select("post_id").in("post_id", posts.map((p) => p.id)).limit(5000);
  return data ?? [];
}
`,
    'src/app/api/feed/route.ts': edit(
      edit(
        FEED,
        `  const result = [];
  for (const post of posts) {
    const { count } = await supabase.from("likes").select("*", { count: "exact", head: true }).eq("post_id", post.id);
    result.push({ ...post, likes: count });
  }
`,
        `  const likes = await likesOf(supabase, posts);
  const result = posts.map((post) => ({ ...post, likes: likes.filter((l) => l.post_id === post.id).length }));
`,
      ),
      'import { createClient } from "@/utils/supabase/server";',
      'import { likesOf } from "@/lib/feed";\nimport { createClient } from "@/utils/supabase/server";',
    ),
  }),
  onContacts(
    'one insert instead of many',
    LOOP,
    `  const { error } = await supabase
    .from("contacts")
    .insert(contacts.map((contact) => ({ name: contact.name, email: contact.email, owner_id: user.id })));
  if (error) throw new Error("Import failed");
`,
  ),
  onContacts(
    'inserts in batches',
    LOOP,
    `  for (let i = 0; i < contacts.length; i += 500) {
    const rows = contacts.slice(i, i + 500).map(({ name, email }) => ({ name, email, owner_id: user.id }));
    const { error } = await supabase.from("contacts").insert(rows);
    if (error) throw new Error("Import failed");
  }
`,
  ),
  onContacts(
    'atomic increment',
    `  const { data } = await supabase.from("articles").select("views").eq("id", id).single();
  await supabase.from("articles").update({ views: (data?.views ?? 0) + 1 }).eq("id", id);
`,
    `  await supabase.rpc("increment_views", { article_id: id });
`,
  ),
  onContacts(
    'upper bound of an import',
    '  for (const contact',
    '  if (contacts.length > 5000) throw new Error("Too many contacts");\n  for (const contact',
  ),
  change('schema for the input of an action', contacts, {
    'app/contacts/actions.ts': edit(
      edit(
        IMPORT_ACTION,
        'export async function importContacts(contacts: { name: string; email: string }[]) {\n',
        'const contactsSchema = z.array(z.object({ name: z.string().min(1).max(200), email: z.string().email() })).max(5000);\n\nexport async function importContacts(input: unknown) {\n  const contacts = contactsSchema.parse(input);\n',
      ),
      'import { revalidatePath } from "next/cache";',
      'import { revalidatePath } from "next/cache";\nimport { z } from "zod";',
    ),
  }),
  onContacts(
    'more than the path made fresh',
    'revalidatePath("/contacts");',
    'revalidatePath("/contacts");\n  revalidatePath("/dashboard");',
  ),
  onBlog(
    'columns and limit',
    `.from("posts").select("*").eq("category", post.category).eq("status", "published")`,
    `.from("posts").select("id, slug, title").eq("category", post.category).eq("status", "published").limit(5)`,
  ),
  change('public page read without cookies, regenerated by the hour', blog, {
    'app/blog/[slug]/page.tsx': BLOG.replaceAll('await createClient()', 'createPublicClient()')
      .replace(
        'import { createClient } from "@/utils/supabase/server";',
        'import { createPublicClient } from "@/utils/supabase/public";',
      )
      .replace('export default', 'export const revalidate = 3600;\n\nexport default'),
    'utils/supabase/public.ts':
      'import { createClient } from "@supabase/supabase-js";\n\nexport function createPublicClient() {\n  return createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, { auth: { persistSession: false } });\n}\n',
  }),
  change('query asked once per request by React’s cache', blog, {
    'app/blog/[slug]/page.tsx': edit(
      edit(
        BLOG,
        '  const supabase = await createClient();\n  const { data: post } = await supabase.from("posts").select("*").eq("slug", slug).eq("status", "published").single();\n',
        '  const supabase = await createClient();\n  const post = await getPost(slug);\n',
      ),
      'export default',
      'const getPost = cache(async (slug: string) => {\n  const supabase = await createClient();\n  const { data } = await supabase.from("posts").select("*").eq("slug", slug).eq("status", "published").single();\n  return data;\n});\n\nexport default',
    ).replace('import { notFound }', 'import { cache } from "react";\nimport { notFound }'),
  }),
  change(
    'user menu streamed beside a static shell',
    { 'app/layout.tsx': LAYOUT },
    {
      'app/user-menu.tsx':
        'import { createClient } from "@/utils/supabase/server";\n\nexport async function UserMenu() {\n  const supabase = await createClient();\n  const { data: { user } } = await supabase.auth.getUser();\n  return <>{user?.email ?? "Sign in"}</>;\n}\n',
      'app/layout.tsx':
        'import { Suspense } from "react";\nimport { UserMenu } from "./user-menu";\n\nexport default function Layout({ children }: { children: React.ReactNode }) {\n  return <html><body><header><Suspense fallback="…"><UserMenu /></Suspense></header>{children}</body></html>;\n}\n',
    },
  ),
  change(
    'module moved, imports follow',
    {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
      'lib/format.ts': 'export const euro = (n: number) => `${n} €`;\n',
      'app/page.tsx':
        'import { euro } from "../lib/format";\nexport default function Page() { return <p>{euro(3)}</p>; }\n',
    },
    {
      'lib/format.ts': null,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
      'lib/money/format.ts': 'export const euro = (n: number) => `${n} €`;\n',
      'app/page.tsx':
        'import { euro } from "../lib/money/format";\nexport default function Page() { return <p>{euro(3)}</p>; }\n',
    },
  ),
  change(
    'call with a timeout and two tries',
    {
      'lib/weather.ts':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
        'export async function weather(city: string) {\n  const res = await fetch(`https://api.weather.example/v1?city=${encodeURIComponent(city)}`);\n  return res.json();\n}\n',
    },
    {
      'lib/weather.ts':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: source text of the case
        'export async function weather(city: string) {\n  for (let attempt = 0; ; attempt++) {\n    const res = await fetch(`https://api.weather.example/v1?city=${encodeURIComponent(city)}`, { signal: AbortSignal.timeout(3000), next: { revalidate: 600 } });\n    if (res.ok) return res.json();\n    if (attempt === 1) throw new Error("Weather is not available");\n  }\n}\n',
    },
  ),
]

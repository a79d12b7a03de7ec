// The shape of supabase/migrations for the typed client, in the form that `supabase gen types` prints.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

interface Relation<Name extends string, Column extends string, Table extends string> {
  foreignKeyName: Name
  columns: [Column]
  isOneToOne: false
  referencedRelation: Table
  referencedColumns: ['id']
}

interface Table<Row, Required extends keyof Row, Relations extends unknown[] = []> {
  Row: Row
  Insert: Pick<Row, Required> & Partial<Row>
  Update: Partial<Row>
  Relationships: Relations
}

export type MemberRole = 'member' | 'moderator' | 'admin'
export type EngineCooling = 'air' | 'water'
export type BuildVisibility = 'public' | 'private'

type ProfileRow = {
  id: string
  username: string
  display_name: string
  bio: string | null
  country: string | null
  role: MemberRole
  created_at: string
  updated_at: string
}

type EngineRow = {
  id: string
  slug: string
  name: string
  brand: string
  displacement_cc: number
  strokes: number
  power_hp: number
  max_rpm: number
  weight_kg: number
  cooling: EngineCooling
  price_cents: number | null
  summary: string
  published: boolean
  created_at: string
  updated_at: string
}

type PartCategoryRow = { id: number; slug: string; name: string; position: number }

type PartRow = {
  id: string
  slug: string
  name: string
  brand: string
  category_id: number
  price_cents: number | null
  weight_g: number | null
  description: string
  specs: Json
  archived: boolean
  created_at: string
  updated_at: string
}

type PartEngineRow = { part_id: string; engine_id: string; note: string | null }

type BuildRow = {
  id: string
  user_id: string
  engine_id: string
  template_id: string | null
  name: string
  description: string
  visibility: BuildVisibility
  like_count: number
  created_at: string
  updated_at: string
}

type BuildPartRow = { build_id: string; part_id: string; quantity: number }
type BuildLikeRow = { build_id: string; user_id: string; created_at: string }

type ForumCategoryRow = {
  id: number
  slug: string
  name: string
  description: string
  position: number
  topic_count: number
}

type ForumTopicRow = {
  id: number
  category_id: number
  author_id: string | null
  title: string
  pinned: boolean
  locked: boolean
  post_count: number
  last_post_at: string
  created_at: string
}

type ForumPostRow = { id: number; topic_id: number; author_id: string | null; body: string; created_at: string }

type BuildTemplateRow = {
  id: string
  slug: string
  name: string
  summary: string
  engine_id: string
  author_id: string | null
  published: boolean
  created_at: string
}

type TemplatePartRow = { template_id: string; part_id: string; quantity: number }
type GarageItemRow = { user_id: string; part_id: string; created_at: string }
type MerchantRow = { id: number; slug: string; name: string }
type PartOfferRow = { id: number; part_id: string; merchant_id: number; merchant_sku: string; url: string }
type AdminLogRow = { id: number; actor_id: string | null; action: string; subject: string; created_at: string }

type TopicOverviewRow = {
  id: number
  category_id: number
  category_slug: string
  title: string
  pinned: boolean
  locked: boolean
  post_count: number
  last_post_at: string
  author_username: string | null
  author_name: string | null
}

type BuilderRankingRow = {
  id: string
  username: string
  display_name: string
  country: string | null
  build_count: number
  like_count: number
}

export type Database = {
  public: {
    Tables: {
      profiles: Table<ProfileRow, 'id' | 'username' | 'display_name'>
      engines: Table<
        EngineRow,
        'slug' | 'name' | 'brand' | 'displacement_cc' | 'strokes' | 'power_hp' | 'max_rpm' | 'weight_kg'
      >
      part_categories: Table<PartCategoryRow, 'slug' | 'name'>
      parts: Table<
        PartRow,
        'slug' | 'name' | 'brand' | 'category_id',
        [Relation<'parts_category_id_fkey', 'category_id', 'part_categories'>]
      >
      part_engines: Table<
        PartEngineRow,
        'part_id' | 'engine_id',
        [
          Relation<'part_engines_part_id_fkey', 'part_id', 'parts'>,
          Relation<'part_engines_engine_id_fkey', 'engine_id', 'engines'>,
        ]
      >
      builds: Table<
        BuildRow,
        'user_id' | 'engine_id' | 'name',
        [
          Relation<'builds_user_id_fkey', 'user_id', 'profiles'>,
          Relation<'builds_engine_id_fkey', 'engine_id', 'engines'>,
          Relation<'builds_template_id_fkey', 'template_id', 'build_templates'>,
        ]
      >
      build_parts: Table<
        BuildPartRow,
        'build_id' | 'part_id',
        [
          Relation<'build_parts_build_id_fkey', 'build_id', 'builds'>,
          Relation<'build_parts_part_id_fkey', 'part_id', 'parts'>,
        ]
      >
      build_likes: Table<
        BuildLikeRow,
        'build_id' | 'user_id',
        [
          Relation<'build_likes_build_id_fkey', 'build_id', 'builds'>,
          Relation<'build_likes_user_id_fkey', 'user_id', 'profiles'>,
        ]
      >
      forum_categories: Table<ForumCategoryRow, 'slug' | 'name'>
      forum_topics: Table<
        ForumTopicRow,
        'category_id' | 'title',
        [
          Relation<'forum_topics_category_id_fkey', 'category_id', 'forum_categories'>,
          Relation<'forum_topics_author_id_fkey', 'author_id', 'profiles'>,
        ]
      >
      forum_posts: Table<
        ForumPostRow,
        'topic_id' | 'body',
        [
          Relation<'forum_posts_topic_id_fkey', 'topic_id', 'forum_topics'>,
          Relation<'forum_posts_author_id_fkey', 'author_id', 'profiles'>,
        ]
      >
      build_templates: Table<
        BuildTemplateRow,
        'slug' | 'name' | 'engine_id',
        [
          Relation<'build_templates_engine_id_fkey', 'engine_id', 'engines'>,
          Relation<'build_templates_author_id_fkey', 'author_id', 'profiles'>,
        ]
      >
      template_parts: Table<
        TemplatePartRow,
        'template_id' | 'part_id',
        [
          Relation<'template_parts_template_id_fkey', 'template_id', 'build_templates'>,
          Relation<'template_parts_part_id_fkey', 'part_id', 'parts'>,
        ]
      >
      garage_items: Table<
        GarageItemRow,
        'user_id' | 'part_id',
        [
          Relation<'garage_items_user_id_fkey', 'user_id', 'profiles'>,
          Relation<'garage_items_part_id_fkey', 'part_id', 'parts'>,
        ]
      >
      merchants: Table<MerchantRow, 'slug' | 'name'>
      part_offers: Table<
        PartOfferRow,
        'part_id' | 'merchant_id' | 'merchant_sku' | 'url',
        [
          Relation<'part_offers_part_id_fkey', 'part_id', 'parts'>,
          Relation<'part_offers_merchant_id_fkey', 'merchant_id', 'merchants'>,
        ]
      >
      admin_log: Table<AdminLogRow, 'action' | 'subject', [Relation<'admin_log_actor_id_fkey', 'actor_id', 'profiles'>]>
    }
    Views: {
      topic_overview: { Row: TopicOverviewRow; Relationships: [] }
      builder_ranking: { Row: BuilderRankingRow; Relationships: [] }
    }
    Functions: {
      open_topic: { Args: { category: number; topic_title: string; first_post: string }; Returns: number }
      publish_template: { Args: { template: string }; Returns: undefined }
      search_engines: { Args: { term: string; max_rows?: number }; Returns: EngineRow[] }
      search_parts: { Args: { term: string; sort_by?: string }; Returns: PartRow[] }
    }
    Enums: {
      member_role: MemberRole
      engine_cooling: EngineCooling
      build_visibility: BuildVisibility
    }
    CompositeTypes: Record<never, never>
  }
}

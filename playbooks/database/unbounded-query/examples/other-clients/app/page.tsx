import * as articles from '@/lib/articles'

export const revalidate = 600

export default async function HomePage() {
  const [newest, news, titles, slugs, sport] = await Promise.all([
    articles.newest(),
    articles.inSection('news'),
    articles.titles(),
    articles.slugs(),
    articles.sections('sport'),
  ])
  const [ten, lead, first, few, single, recent, again] = await Promise.all([
    articles.newestTen(),
    articles.bySlug('lead'),
    articles.firstInSection('news'),
    articles.titlesOf(5),
    articles.one('lead'),
    articles.newestSlugs(),
    articles.byId('00000000-0000-0000-0000-000000000001'),
  ])
  return <pre>{JSON.stringify({ newest, news, titles, slugs, sport, ten, lead, first, few, single, recent, again })}</pre>
}

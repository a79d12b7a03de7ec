drop policy "anybody changes" on public.scores;

-- Templates and the builds made from them are published together, which the policies of one table cannot express.
create function public.publish_template(template uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.build_templates set published = true where id = template;
  update public.parts set archived = false
  where id in (select part_id from public.template_parts where template_id = template);
end
$$;

grant execute on function public.publish_template(uuid) to anon, authenticated;

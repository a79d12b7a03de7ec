/**
 * pgvector without pgvector. The types are texts with an integer modifier (`vector(1536)` keeps its 1536), built from
 * functions that PostgreSQL has; hnsw and ivfflat are access methods by name, which store hashes. Distances
 * are constants: the schema is right, similarity search is not planned.
 */
function type(name: string): string {
  return `
create type @schema@.${name};
create function @schema@.${name}_in(cstring) returns @schema@.${name} language internal immutable strict as 'textin';
create function @schema@.${name}_out(@schema@.${name}) returns cstring language internal immutable strict as 'textout';
create function @schema@.${name}_typmod_in(cstring[]) returns integer language internal immutable strict as 'varchartypmodin';
create function @schema@.${name}_typmod_out(integer) returns cstring language internal immutable strict as 'varchartypmodout';
create type @schema@.${name} (input = @schema@.${name}_in, output = @schema@.${name}_out, typmod_in = @schema@.${name}_typmod_in,
  typmod_out = @schema@.${name}_typmod_out, internallength = variable, storage = external);
create function @schema@.${name}_hash(@schema@.${name}) returns integer language internal immutable strict as 'hashvarlena';
${COMPARISONS.map(
  ([operator, suffix, fn]) => `
create function @schema@.${name}_${suffix}(@schema@.${name}, @schema@.${name}) returns boolean language internal immutable strict as '${fn}';
create operator @schema@.${operator} (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_${suffix});`,
).join('')}
create function @schema@.${name}_cmp(@schema@.${name}, @schema@.${name}) returns integer language internal immutable strict as 'byteacmp';
create operator class @schema@.${name}_ops default for type @schema@.${name} using btree as
  operator 1 @schema@.<, operator 2 @schema@.<=, operator 3 @schema@.=, operator 4 @schema@.>=, operator 5 @schema@.>,
  function 1 @schema@.${name}_cmp(@schema@.${name}, @schema@.${name});
${DISTANCES.map(
  ([operator, fn]) => `
create function @schema@.${fn}(@schema@.${name}, @schema@.${name}) returns double precision language sql immutable strict parallel safe as $x$ select 0::double precision $x$;
create operator @schema@.${operator} (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${fn}, commutator = operator(@schema@.${operator}));`,
).join('')}
${['hnsw', 'ivfflat']
  .flatMap(method =>
    ['l2', 'ip', 'cosine', 'l1'].map(
      metric =>
        `create operator class @schema@.${name}_${metric}_ops for type @schema@.${name} using ${method} as function 1 @schema@.${name}_hash(@schema@.${name});`,
    ),
  )
  .join('\n')}
`
}

const COMPARISONS = [
  ['<', 'lt', 'bytealt'],
  ['<=', 'le', 'byteale'],
  ['=', 'eq', 'byteaeq'],
  ['>=', 'ge', 'byteage'],
  ['>', 'gt', 'byteagt'],
] as const

const DISTANCES = [
  ['<->', 'l2_distance'],
  ['<#>', 'negative_inner_product'],
  ['<=>', 'cosine_distance'],
  ['<+>', 'l1_distance'],
] as const

const FROM_ARRAYS = ['integer[]', 'real[]', 'double precision[]', 'numeric[]']
  .map(
    array => `
create function @schema@.array_to_vector(${array}, integer, boolean) returns @schema@.vector language sql immutable strict as $x$
  select translate($1::text, '{}', '[]')::@schema@.vector $x$;
create cast (${array} as @schema@.vector) with function @schema@.array_to_vector(${array}, integer, boolean) as assignment;`,
  )
  .join('')

export const VECTOR = `
create access method hnsw type index handler hashhandler;
create access method ivfflat type index handler hashhandler;
${type('vector')}
${type('halfvec')}
${type('sparsevec')}
${FROM_ARRAYS}
create function @schema@.vector_to_halfvec(@schema@.vector, integer, boolean) returns @schema@.halfvec language sql immutable strict as $x$ select ($1::text)::@schema@.halfvec $x$;
create cast (@schema@.vector as @schema@.halfvec) with function @schema@.vector_to_halfvec(@schema@.vector, integer, boolean) as assignment;
create function @schema@.vector_to_float4(@schema@.vector, integer, boolean) returns real[] language sql immutable strict as $x$ select translate($1::text, '[]', '{}')::real[] $x$;
create cast (@schema@.vector as real[]) with function @schema@.vector_to_float4(@schema@.vector, integer, boolean) as assignment;
create function @schema@.inner_product(@schema@.vector, @schema@.vector) returns double precision language sql immutable strict parallel safe as $x$ select 0::double precision $x$;
create function @schema@.vector_dims(@schema@.vector) returns integer language sql immutable strict as $x$ select array_length(string_to_array($1::text, ','), 1) $x$;
create function @schema@.vector_norm(@schema@.vector) returns double precision language sql immutable strict as $x$ select 1::double precision $x$;
create function @schema@.l2_normalize(@schema@.vector) returns @schema@.vector language sql immutable strict as $x$ select $1 $x$;
create function @schema@.vector_first(@schema@.vector, @schema@.vector) returns @schema@.vector language sql immutable as $x$ select coalesce($1, $2) $x$;
create aggregate @schema@.avg(@schema@.vector) (sfunc = @schema@.vector_first, stype = @schema@.vector);
create aggregate @schema@.sum(@schema@.vector) (sfunc = @schema@.vector_first, stype = @schema@.vector);
`

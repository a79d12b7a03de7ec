/**
 * PostGIS without PostGIS: geometry and geography are texts, functions return null, and a GiST operator class (borrowed
 * from btree_gist, which orders bytes) lets the usual index be made. Modifiers such as `geometry(Point, 4326)` are
 * stripped before a statement runs.
 */
function type(name: string): string {
  return `
create type @schema@.${name};
create function @schema@.${name}_in(cstring) returns @schema@.${name} language internal immutable strict as 'textin';
create function @schema@.${name}_out(@schema@.${name}) returns cstring language internal immutable strict as 'textout';
create type @schema@.${name} (input = @schema@.${name}_in, output = @schema@.${name}_out, internallength = variable, storage = external);
create function @schema@.${name}_eq(@schema@.${name}, @schema@.${name}) returns boolean language internal immutable strict as 'byteaeq';
create function @schema@.${name}_lt(@schema@.${name}, @schema@.${name}) returns boolean language internal immutable strict as 'bytealt';
create function @schema@.${name}_gt(@schema@.${name}, @schema@.${name}) returns boolean language internal immutable strict as 'byteagt';
create function @schema@.${name}_le(@schema@.${name}, @schema@.${name}) returns boolean language internal immutable strict as 'byteale';
create function @schema@.${name}_ge(@schema@.${name}, @schema@.${name}) returns boolean language internal immutable strict as 'byteage';
create function @schema@.${name}_cmp(@schema@.${name}, @schema@.${name}) returns integer language internal immutable strict as 'byteacmp';
create operator @schema@.= (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_eq);
create operator @schema@.< (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_lt);
create operator @schema@.> (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_gt);
create operator @schema@.<= (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_le);
create operator @schema@.>= (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_ge);
create operator class @schema@.btree_${name}_ops default for type @schema@.${name} using btree as
  operator 1 @schema@.<, operator 2 @schema@.<=, operator 3 @schema@.=, operator 4 @schema@.>=, operator 5 @schema@.>,
  function 1 @schema@.${name}_cmp(@schema@.${name}, @schema@.${name});
create function @schema@.${name}_overlaps(@schema@.${name}, @schema@.${name}) returns boolean language sql immutable strict as $x$ select false $x$;
create function @schema@.${name}_distance_knn(@schema@.${name}, @schema@.${name}) returns double precision language sql immutable strict as $x$ select 0::double precision $x$;
create operator @schema@.&& (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_overlaps, commutator = operator(@schema@.&&));
create operator @schema@.<-> (leftarg = @schema@.${name}, rightarg = @schema@.${name}, function = @schema@.${name}_distance_knn, commutator = operator(@schema@.<->));
create operator class @schema@.gist_${name}_ops default for type @schema@.${name} using gist as
  function 1 @schema@.shadow_gist_consistent(internal, bytea, smallint, oid, internal),
  function 2 @schema@.shadow_gist_union(internal, internal),
  function 3 @schema@.shadow_gist_compress(internal),
  function 4 @schema@.shadow_gist_decompress(internal),
  function 5 @schema@.shadow_gist_penalty(internal, internal, internal),
  function 6 @schema@.shadow_gist_picksplit(internal, internal),
  function 7 @schema@.shadow_gist_same(@schema@.shadow_gist_key, @schema@.shadow_gist_key, internal),
  storage @schema@.shadow_gist_key;
`
}

const GIST = `
create type @schema@.shadow_gist_key;
create function @schema@.shadow_gist_key_in(cstring) returns @schema@.shadow_gist_key as '$libdir/btree_gist', 'gbtreekey_in' language c immutable strict;
create function @schema@.shadow_gist_key_out(@schema@.shadow_gist_key) returns cstring as '$libdir/btree_gist', 'gbtreekey_out' language c immutable strict;
create type @schema@.shadow_gist_key (input = @schema@.shadow_gist_key_in, output = @schema@.shadow_gist_key_out, internallength = variable, storage = extended);
create function @schema@.shadow_gist_consistent(internal, bytea, smallint, oid, internal) returns boolean as '$libdir/btree_gist', 'gbt_bytea_consistent' language c immutable strict;
create function @schema@.shadow_gist_union(internal, internal) returns @schema@.shadow_gist_key as '$libdir/btree_gist', 'gbt_bytea_union' language c immutable strict;
create function @schema@.shadow_gist_compress(internal) returns internal as '$libdir/btree_gist', 'gbt_bytea_compress' language c immutable strict;
create function @schema@.shadow_gist_decompress(internal) returns internal as '$libdir/btree_gist', 'gbt_var_decompress' language c immutable strict;
create function @schema@.shadow_gist_penalty(internal, internal, internal) returns internal as '$libdir/btree_gist', 'gbt_bytea_penalty' language c immutable strict;
create function @schema@.shadow_gist_picksplit(internal, internal) returns internal as '$libdir/btree_gist', 'gbt_bytea_picksplit' language c immutable strict;
create function @schema@.shadow_gist_same(@schema@.shadow_gist_key, @schema@.shadow_gist_key, internal) returns internal as '$libdir/btree_gist', 'gbt_bytea_same' language c immutable strict;
`

/** Signatures with G for geometry; `both` ones exist for geography as well. */
const BOTH = `
st_distance(G, G) -> double precision
st_dwithin(G, G, double precision) -> boolean
st_intersects(G, G) -> boolean
st_intersection(G, G) -> G
st_covers(G, G) -> boolean
st_coveredby(G, G) -> boolean
st_astext(G) -> text
st_asgeojson(G) -> text
st_asgeojson(G, integer) -> text
st_area(G) -> double precision
st_length(G) -> double precision
st_buffer(G, double precision) -> G
st_centroid(G) -> G
st_asbinary(G) -> bytea
st_srid(G) -> integer
st_summary(G) -> text
geometrytype(G) -> text`

const GEOMETRY = `
st_makepoint(double precision, double precision) -> G
st_makepoint(double precision, double precision, double precision) -> G
st_point(double precision, double precision) -> G
st_point(double precision, double precision, integer) -> G
st_setsrid(G, integer) -> G
st_transform(G, integer) -> G
st_x(G) -> double precision
st_y(G) -> double precision
st_z(G) -> double precision
st_xmin(G) -> double precision
st_xmax(G) -> double precision
st_ymin(G) -> double precision
st_ymax(G) -> double precision
st_contains(G, G) -> boolean
st_within(G, G) -> boolean
st_overlaps(G, G) -> boolean
st_touches(G, G) -> boolean
st_crosses(G, G) -> boolean
st_disjoint(G, G) -> boolean
st_equals(G, G) -> boolean
st_isvalid(G) -> boolean
st_isempty(G) -> boolean
st_makevalid(G) -> G
st_makeline(G, G) -> G
st_makepolygon(G) -> G
st_makeenvelope(double precision, double precision, double precision, double precision, integer default 0) -> G
st_envelope(G) -> G
st_expand(G, double precision) -> G
st_simplify(G, double precision) -> G
st_union(G, G) -> G
st_collect(G, G) -> G
st_difference(G, G) -> G
st_convexhull(G) -> G
st_pointonsurface(G) -> G
st_boundary(G) -> G
st_startpoint(G) -> G
st_endpoint(G) -> G
st_npoints(G) -> integer
st_numgeometries(G) -> integer
st_geometryn(G, integer) -> G
st_geometrytype(G) -> text
st_multi(G) -> G
st_force2d(G) -> G
st_flipcoordinates(G) -> G
st_perimeter(G) -> double precision
st_azimuth(G, G) -> double precision
st_distancesphere(G, G) -> double precision
st_lineinterpolatepoint(G, double precision) -> G
st_linelocatepoint(G, G) -> double precision
st_closestpoint(G, G) -> G
st_snaptogrid(G, double precision) -> G
st_geomfromtext(text) -> G
st_geomfromtext(text, integer) -> G
st_geometryfromtext(text) -> G
st_geomfromewkt(text) -> G
st_geomfromgeojson(text) -> G
st_geomfromgeojson(jsonb) -> G
st_geomfromwkb(bytea, integer) -> G
st_polygonfromtext(text, integer) -> G
st_pointfromtext(text, integer) -> G
st_asewkt(G) -> text
st_geohash(G, integer) -> text
st_tileenvelope(integer, integer, integer) -> G
st_asmvtgeom(G, G, integer default 4096, integer default 256, boolean default true) -> G
st_hexagongrid(double precision, G) -> setof record
st_dump(G) -> setof record`

const GEOGRAPHY = `
st_geogfromtext(text) -> G
st_geographyfromtext(text) -> G
st_distance(G, G, boolean) -> double precision
st_dwithin(G, G, double precision, boolean) -> boolean
st_area(G, boolean) -> double precision
st_length(G, boolean) -> double precision
st_project(G, double precision, double precision) -> G
st_azimuth(G, G) -> double precision`

function functions(name: string, signatures: string): string {
  return signatures
    .trim()
    .split('\n')
    .map(line => {
      const [signature = '', returns = ''] = line.replace(/\bG\b/g, `@schema@.${name}`).split(' -> ')
      if (returns.startsWith('setof')) {
        return `create function @schema@.${signature} returns ${returns} language plpgsql immutable as $x$ begin return; end $x$;`
      }
      return `create function @schema@.${signature} returns ${returns} language sql immutable strict parallel safe as $x$ select null::${returns} $x$;`
    })
    .join('\n')
}

export const POSTGIS = `
${GIST}
${type('geometry')}
${type('geography')}
create type @schema@.box2d as (xmin double precision, ymin double precision, xmax double precision, ymax double precision);
create function @schema@.geography(@schema@.geometry) returns @schema@.geography language sql immutable strict as $x$ select ($1::text)::@schema@.geography $x$;
create function @schema@.geometry(@schema@.geography) returns @schema@.geometry language sql immutable strict as $x$ select ($1::text)::@schema@.geometry $x$;
create cast (@schema@.geometry as @schema@.geography) with function @schema@.geography(@schema@.geometry) as implicit;
create cast (@schema@.geography as @schema@.geometry) with function @schema@.geometry(@schema@.geography);
create cast (text as @schema@.geometry) with inout as implicit;
create cast (text as @schema@.geography) with inout as implicit;
${functions('geometry', BOTH)}
${functions('geography', BOTH)}
${functions('geometry', GEOMETRY)}
${functions('geography', GEOGRAPHY)}
create function @schema@.geometry_first(@schema@.geometry, @schema@.geometry) returns @schema@.geometry language sql immutable as $x$ select coalesce($1, $2) $x$;
create aggregate @schema@.st_union(@schema@.geometry) (sfunc = @schema@.geometry_first, stype = @schema@.geometry);
create aggregate @schema@.st_collect(@schema@.geometry) (sfunc = @schema@.geometry_first, stype = @schema@.geometry);
create aggregate @schema@.st_makeline(@schema@.geometry) (sfunc = @schema@.geometry_first, stype = @schema@.geometry);
create table @schema@.spatial_ref_sys (srid integer primary key, auth_name varchar(256), auth_srid integer, srtext varchar(2048), proj4text varchar(2048));
create function @schema@.postgis_version() returns text language sql immutable as $x$ select '3.4 stand-in' $x$;
create function @schema@.postgis_full_version() returns text language sql immutable as $x$ select '3.4 stand-in' $x$;
`

-- The steps of `searched_catalogue.py`, each after the comment with its name; $albums and the like are numbers.

-- how ids are made
create function id_of(kind integer, number bigint) returns uuid language sql immutable parallel safe return
    (lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 20, '0') || '0000')::uuid;
create function names(count bigint, most integer) returns table (number bigint, name text) language sql as '
    select number, string_agg(initcap(word), '' '' order by place) from (
        select number, place, (2 * power($vocabulary / 2, random()))::integer - 1 as word_number from (
            select number, ceil(random() * most)::integer as words from generate_series(1, count) number
        ) counted, generate_series(1, words) place
    ) picked join words using (word_number) group by number
';
set maintenance_work_mem = '256MB';
set work_mem = '128MB';
select setseed(0.5);

-- names
create unlogged table titles as select * from names($albums, 4);
create unlogged table artist_names as select * from names($artists, 2);
create unlogged table label_names as select number, name || ' Records' as name from names($labels, 2);

-- artists and labels
insert into artists (id, discogs_artist_id, name, sort_name, search_text, version, created_at, updated_at)
select id_of(1, number), number, name, lower(name), lower(name), 1, now(), now() from artist_names;
insert into labels (id, discogs_label_id, name, sort_name, version, created_at, updated_at)
select id_of(4, number), number, name, lower(name), 1, now(), now() from label_names;

-- what albums are like
create unlogged table made as
select drawn.*, artist_names.name as artist_name, genre, style, country
from (
    select number, name as title, floor(power($artists, random()))::integer as artist,
        ceil(random() * $labels)::integer as label, ceil(random() * $styles)::integer as style_number,
        ceil(random() * $countries)::integer as country_number, 1955 + floor(random() * 70)::integer as year,
        least(1000, floor(1 / (1 - random()))::integer) as pressings
    from titles
) drawn
join artist_names on artist_names.number = artist
join styles using (style_number)
join countries using (country_number);

-- releases
insert into releases (
    id, discogs_release_id, album_id, title, year, released_order, country, formats, catalog_numbers, barcodes,
    codes, tags, document, version, created_at, updated_at
)
select id_of(3, number), number, id_of(2, number), title, year, year * 10000, country, '{Vinyl,LP}', '{}', '{}',
    '{}', '{}', convert_to(json_build_object(
        'discogs_release_id', number, 'title', title,
        'artists', json_build_array(json_build_object('name', artist_name, 'discogs_artist_id', artist))
    )::text, 'UTF8'), 1, now(), now()
from made;

-- albums
insert into albums (
    id, discogs_release_id, lead_release_id, release_count, title, sort_title, year, own_tags, tags, version,
    created_at, updated_at
)
select id_of(2, number), number, id_of(3, number), pressings, title, lower(title), year, own,
    own || array['format:Vinyl', 'format:LP', 'country:' || country, 'label:' || label], 1, now(), now()
from made, lateral (select array['genre:' || genre, 'style:' || style, 'artist:' || artist] as own) tagged;
insert into tag_counts select 'label:' || label, count(*) from made group by label;

-- texts for Postgres
create unlogged table searched as
select number as id, lower(title || ' ' || artist_name) as search_text from made;

-- index of tags, and statistics
create index albums_by_tag on albums using gin (tags);
vacuum analyze;

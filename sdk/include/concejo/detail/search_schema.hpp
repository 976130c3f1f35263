// What stands in schema `ext` of every installation, and of the databases that tests make.
#pragma once

namespace concejo::inline v1::detail {

/// Accents, trigrams, and search in the languages of Spain. Repeatable. Galician has no stemmer in PostgreSQL: words are
/// compared whole, without accents.
inline constexpr const char* search_schema = R"sql(
create schema if not exists ext;
create extension if not exists unaccent schema ext;
create extension if not exists pg_trgm schema ext;
do $$
declare
    language record;
begin
    grant usage on schema ext to public;
    for language in select * from (values ('es', 'spanish_stem'), ('ca', 'catalan_stem'), ('gl', 'simple'),
                                          ('eu', 'basque_stem'), ('en', 'english_stem')) as l(name, dictionary) loop
        if not exists (select from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
                       where n.nspname = 'ext' and c.cfgname = language.name) then
            execute format('create text search configuration ext.%I (copy = pg_catalog.simple)', language.name);
            execute format('alter text search configuration ext.%I alter mapping for asciiword, asciihword, hword_asciipart, '
                           'word, hword, hword_part with ext.unaccent, pg_catalog.%I', language.name, language.dictionary);
        end if;
    end loop;
end $$;
-- For indexes and comparisons: without accents, lower case. Immutable, because the dictionary is named.
create or replace function ext.fold(text) returns text language sql immutable strict parallel safe as
    $$ select lower(ext.unaccent('ext.unaccent'::regdictionary, $1)) $$;
-- Full-text search that finds "licitaciones" by "licitacion": the Spanish stemmer knows "-ación" only with its accent, so
-- after the accents are gone singular and plural in -ion(es) are made one. Same function for documents and questions.
create or replace function ext.search_text(language text, body text) returns text language sql immutable strict parallel safe as
    $$ select case when language in ('es', 'gl') then regexp_replace(ext.fold(body), 'ion\M', 'iones', 'g') else body end $$;
create or replace function ext.search_config(language text) returns regconfig language sql immutable strict parallel safe as
    $$ select case language when 'es' then 'ext.es'::regconfig when 'ca' then 'ext.ca'::regconfig when 'gl' then 'ext.gl'::regconfig
              when 'eu' then 'ext.eu'::regconfig when 'en' then 'ext.en'::regconfig else 'pg_catalog.simple'::regconfig end $$;
create or replace function ext.search_vector(language text, body text) returns tsvector language sql immutable strict parallel safe as
    $$ select to_tsvector(ext.search_config(language), ext.search_text(language, body)) $$;
create or replace function ext.search_query(language text, words text) returns tsquery language sql immutable strict parallel safe as
    $$ select websearch_to_tsquery(ext.search_config(language), ext.search_text(language, words)) $$;
)sql";

}  // namespace concejo::inline v1::detail

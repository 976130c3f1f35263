-- No key is unique: what is done twice must show.
create table nodos_apunte (clave text not null, blob text not null, hora timestamptz not null default now());
create index nodos_apunte_clave on nodos_apunte (clave);
create table nodos_hecho (que text not null, clave text not null, intento integer not null, hora timestamptz not null default clock_timestamp());
